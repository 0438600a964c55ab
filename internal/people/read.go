package people

// ReadCustomer reads a line of kind customer, for whoever keeps more of it.
func ReadCustomer(line []byte) (Person, error) {
	var c customerLine
	err := unmarshal(line, &c)
	return c.person(), err
}

// ReadOrder reads a line of kind order: its number, whose it is, and who ordered
// without an account, nil where an account did.
func ReadOrder(line []byte) (number, subject string, guest *Person, err error) {
	var o orderLine
	if err = unmarshal(line, &o); err != nil {
		return "", "", nil, err
	}
	number, subject, guest = o.number(), subjectOf(o.Subject, o.CustomerID), o.guest()
	if guest != nil {
		subject = "order:" + number
	}
	return number, subject, guest, nil
}
