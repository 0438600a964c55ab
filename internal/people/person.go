package people

import (
	"errors"

	"ringfence/internal/mask"
)

// Person is what the store knows of a customer. All but Subject may be empty.
type Person struct {
	Subject   string // the customer's id in the store, as calls name it: cust:42
	Names     []string
	Emails    []string
	Phones    []string
	Addresses []Address
	Companies []string
	VATs      []string
	Orders    []string // numbers
}

// Address is one address of a customer.
type Address struct {
	Lines          []string // street and number
	Postcode, City string
}

// PutCustomer makes a customer known, in place of what was known of them. It is durable after Commit.
func (x *Index) PutCustomer(p Person, generation string) error {
	if p.Subject == "" {
		return errors.New("a customer needs a subject, the id in the store")
	}
	return x.spell(Customer, p.Subject, p.Subject, generation, func(s *mask.Spelling) { p.spell(s) })
}

func (p *Person) spell(s *mask.Spelling) {
	each(p.Names, s.Name)
	each(p.Emails, s.Email)
	each(p.Phones, s.Phone)
	each(p.Companies, s.Company)
	each(p.VATs, s.VAT)
	each(p.Orders, s.Order)
	for _, a := range p.Addresses {
		each(a.Lines, s.Line)
		s.Town(a.Postcode, a.City)
	}
}

func each(values []string, add func(string)) {
	for _, v := range values {
		if len(v) <= maxValue {
			add(v)
		}
	}
}

// maxValue bounds one value, in bytes: longer ones are no names.
const maxValue = 1000

// PutOrder makes an order known: its number, those of its parcels, and whose it is. Guest is who ordered without
// an account.
func (x *Index) PutOrder(number, subject string, parcels []string, guest *Person, generation string) error {
	if number == "" {
		return errors.New("an order needs a number")
	}
	return x.spell(Order, number, subject, generation, func(s *mask.Spelling) {
		s.Order(number)
		each(parcels, s.Tracking)
		if guest != nil {
			guest.spell(s)
		}
	})
}

// PutProduct makes something of the catalogue known by its names: product, brand, categories.
func (x *Index) PutProduct(id string, names []string, generation string) error {
	if id == "" {
		return errors.New("a product needs an id")
	}
	return x.spell(Product, id, "", generation, func(s *mask.Spelling) { each(names, s.Product) })
}

// spell stores what write spells.
func (x *Index) spell(k Kind, id, subject, generation string, write func(*mask.Spelling)) error {
	if len(id) > maxID || len(subject) > maxID {
		return errors.New("an id has more than 200 bytes")
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	n, err := x.generation(generation)
	if err != nil {
		return err
	}
	x.spelling.Reset()
	write(x.spelling)
	return x.put(k, id, subject, n)
}

const maxID = 200

// Delete removes a record; found says whether there was one. It is gone from memory at once and from disk after
// Commit.
func (x *Index) Delete(k Kind, id string) (found bool, err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	return x.drop(x.idHash(k, id))
}

// Commit makes everything so far durable: what was put can be read after a crash, what was deleted cannot.
func (x *Index) Commit() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	return errors.Join(x.log.commit(), x.compact())
}
