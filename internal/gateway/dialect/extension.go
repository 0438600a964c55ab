package dialect

import "encoding/json"

// maxPeople bounds the list of people a caller may send; a call is about few.
const maxPeople = 200

// ReadExtension decodes the ringfence object found at path.
func ReadExtension(r *Reader, path string, v Value) Extension {
	o := r.Object(path, v)
	defer o.Drop()
	ext := Extension{
		Purpose:      o.String("purpose"),
		Subject:      o.String("subject"),
		Conversation: o.String("conversation"),
	}
	if c := o.JSON("context"); c != "" {
		ext.Context = json.RawMessage(c)
	}
	for i, item := range o.Array("people", maxPeople) {
		p := r.Object(Elem(o.Path("people"), i), item)
		ext.People = append(ext.People, Person{
			Name: p.String("name"), Email: p.String("email"), Phone: p.String("phone"),
			Address: p.String("address"), Company: p.String("company"), Subject: p.String("subject"),
		})
		p.Drop()
	}
	for i, item := range o.Array("origins", maxPeople) {
		p := r.Object(Elem(o.Path("origins"), i), item)
		if m := p.Int("message", 0, 1<<20); m != nil {
			ext.Origins = append(ext.Origins, Origin{Message: int(*m), Origin: p.String("origin")})
		} else {
			r.Fail(Invalid("missing_field", p.Path("message"), "%s must be the index of a message.", p.Path("message")))
		}
		p.Drop()
	}
	return ext
}

// ParseExtension decodes the header Ringfence-Context.
func ParseExtension(header string, lim Limits) (Extension, []string, error) {
	const name = "Ringfence-Context"
	v, err := Parse([]byte(header), lim)
	if err != nil {
		refusal := *err.(*Refusal)
		refusal.Param = name
		return Extension{}, nil, &refusal
	}
	var r Reader
	ext := ReadExtension(&r, name, v)
	return ext, r.Dropped(), r.Err()
}

// Empty reports whether the caller said nothing.
func (e Extension) Empty() bool {
	return e.Purpose == "" && e.Subject == "" && e.Conversation == "" && len(e.People) == 0 && len(e.Context) == 0 && len(e.Origins) == 0
}
