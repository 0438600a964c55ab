package people

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// ref is an id or a number as stores write them: text or a number.
type ref string

func (r *ref) UnmarshalJSON(b []byte) error {
	var v any
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		*r = ref(strings.TrimSpace(v))
	case json.Number:
		*r = ref(v.String())
	case nil:
		*r = ""
	default:
		return errors.New("an id must be text or a number")
	}
	return nil
}

// subjectLine is how a line says whose it is.
type subjectLine struct {
	Subject    string `json:"subject"`
	ID         ref    `json:"id"`
	CustomerID ref    `json:"customer_id"`
}

// subjectOf returns the id that calls use, cust:42 for the number 42; "" for none.
func subjectOf(subject string, id ref) string {
	if subject != "" || id == "" || id == "0" {
		return subject
	}
	return "cust:" + string(id)
}

// contactLine is what WooCommerce has under billing and shipping, and at a customer's top.
type contactLine struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	Postcode  string `json:"postcode"`
	Email     string `json:"email"`
	Phone     string `json:"phone"`
	VAT       string `json:"vat"`
}

// customerLine is a line of kind customer: plain fields, or those of WooCommerce's REST API.
type customerLine struct {
	subjectLine
	contactLine
	Name      string        `json:"name"`
	Names     []string      `json:"names"`
	Emails    []string      `json:"emails"`
	Phones    []string      `json:"phones"`
	Companies []string      `json:"companies"`
	VATs      []string      `json:"vats"`
	Addresses []contactLine `json:"addresses"`
	Billing   contactLine   `json:"billing"`
	Shipping  contactLine   `json:"shipping"`
	Orders    []ref         `json:"orders"`
}

// add takes over what a contact says.
func (p *Person) add(c contactLine) {
	put := func(list *[]string, value string) {
		if value = strings.TrimSpace(value); value != "" && !slices.Contains(*list, value) {
			*list = append(*list, value)
		}
	}
	put(&p.Names, c.FirstName+" "+c.LastName)
	put(&p.Emails, c.Email)
	put(&p.Phones, c.Phone)
	put(&p.Companies, c.Company)
	put(&p.VATs, c.VAT)
	a := Address{Postcode: c.Postcode, City: c.City}
	put(&a.Lines, c.Address1)
	put(&a.Lines, c.Address2)
	if len(a.Lines) > 0 || a.City != "" {
		p.Addresses = append(p.Addresses, a)
	}
}

func (l *customerLine) person() Person {
	p := Person{Subject: subjectOf(l.Subject, l.ID), Names: l.Names, Emails: l.Emails, Phones: l.Phones, Companies: l.Companies, VATs: l.VATs}
	p.add(l.contactLine)
	p.add(contactLine{FirstName: l.Name})
	for _, c := range append(l.Addresses, l.Billing, l.Shipping) {
		p.add(c)
	}
	for _, n := range l.Orders {
		p.Orders = append(p.Orders, string(n))
	}
	return p
}

// orderLine is a line of kind order.
type orderLine struct {
	subjectLine
	Number   ref         `json:"number"`
	Tracking list        `json:"tracking"`
	Billing  contactLine `json:"billing"`
	Shipping contactLine `json:"shipping"`
	Meta     []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"meta_data"`
}

// list is one text or several.
type list []string

func (l *list) UnmarshalJSON(b []byte) error {
	var many []ref
	if err := json.Unmarshal(b, &many); err != nil {
		var one ref
		if err := json.Unmarshal(b, &one); err != nil {
			return errors.New("tracking must be a number or a list of them")
		}
		many = []ref{one}
	}
	for _, r := range many {
		if r != "" {
			*l = append(*l, string(r))
		}
	}
	return nil
}

// number is what customers call the order by.
func (l *orderLine) number() string {
	if l.Number != "" {
		return string(l.Number)
	}
	return string(l.ID)
}

// parcels returns the numbers of the order's parcels.
func (l *orderLine) parcels() []string {
	all := slices.Clone([]string(l.Tracking))
	for _, m := range l.Meta {
		var value ref
		if m.Key == "_tracking_number" && json.Unmarshal(m.Value, &value) == nil && value != "" {
			all = append(all, string(value))
		}
	}
	return all
}

// guest returns who ordered without an account, nil where an account did.
func (l *orderLine) guest() *Person {
	if subjectOf(l.Subject, l.CustomerID) != "" {
		return nil
	}
	p := &Person{}
	p.add(l.Billing)
	p.add(l.Shipping)
	return p
}

// productLine is a line of kind product, brand or category.
type productLine struct {
	ID         ref      `json:"id"`
	Name       string   `json:"name"`
	Names      []string `json:"names"`
	Brand      string   `json:"brand"`
	Brands     []named  `json:"brands"`
	Categories []named  `json:"categories"`
}

// named is WooCommerce's way to name a term, or a text.
type named struct{ Name string }

func (n *named) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &n.Name) == nil {
		return nil
	}
	var o struct{ Name string }
	err := json.Unmarshal(b, &o)
	n.Name = o.Name
	return err
}

// id returns the product's id; terms may be known by their names.
func (l *productLine) id(kind string) string {
	switch {
	case l.ID != "":
		return kind + ":" + string(l.ID)
	case l.Name != "":
		return kind + ":" + l.Name
	}
	return ""
}

func (l *productLine) all() []string {
	out := append(slices.Clone(l.Names), l.Name, l.Brand)
	for _, n := range append(l.Brands, l.Categories...) {
		out = append(out, n.Name)
	}
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// Lines takes the lines of one kind of a sync.
type Lines struct {
	index *Index
	name  string
	kind  Kind
}

// Kinds returns what a sync may bring, by the name that stands in its lines.
func (x *Index) Kinds() map[string]*Lines {
	kinds := map[string]*Lines{}
	for name, k := range map[string]Kind{"customer": Customer, "order": Order, "product": Product, "brand": Product, "category": Product} {
		kinds[name] = &Lines{x, name, k}
	}
	return kinds
}

// Put takes one line. It is durable after Commit.
func (l *Lines) Put(line []byte, generation string) error {
	switch l.kind {
	case Customer:
		var c customerLine
		if err := unmarshal(line, &c); err != nil {
			return err
		}
		return l.index.PutCustomer(c.person(), generation)
	case Order:
		var o orderLine
		if err := unmarshal(line, &o); err != nil {
			return err
		}
		subject, guest := subjectOf(o.Subject, o.CustomerID), o.guest()
		if guest != nil {
			subject = "order:" + o.number()
		}
		return l.index.PutOrder(o.number(), subject, o.parcels(), guest, generation)
	}
	var p productLine
	if err := unmarshal(line, &p); err != nil {
		return err
	}
	return l.index.PutProduct(p.id(l.name), p.all(), generation)
}

// Delete removes what a line names; found says whether it was there.
func (l *Lines) Delete(line []byte) (found bool, err error) {
	var id string
	switch l.kind {
	case Customer:
		var c subjectLine
		err = unmarshal(line, &c)
		id = subjectOf(c.Subject, c.ID)
	case Order:
		var o orderLine
		err = unmarshal(line, &o)
		id = o.number()
	default:
		var p productLine
		err = unmarshal(line, &p)
		id = p.id(l.name)
	}
	if err == nil && id == "" {
		err = errors.New("the line does not say what to delete: it has no id")
	}
	if err != nil {
		return false, err
	}
	return l.index.Delete(l.kind, id)
}

// Complete ends a full sync of this kind.
func (l *Lines) Complete(generation string) (removed int, err error) {
	return l.index.Complete(generation, l.kind)
}

// Commit makes all lines so far durable.
func (l *Lines) Commit() error { return l.index.Commit() }

// unmarshal reads a line; its errors say nothing of the values in it.
func unmarshal(line []byte, into any) error {
	err := json.Unmarshal(line, into)
	var typ *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &typ):
		return errors.New("the field " + typ.Field + " must not be " + typ.Value)
	case errors.As(err, &syntax):
		return errors.New("it is no JSON at byte " + strconv.FormatInt(syntax.Offset, 10))
	}
	return err
}
