package dialect

import (
	"fmt"
	"math"
	"strconv"
)

// Object reads the members of one JSON object by name. The first thing that is
// not as asked for is kept in the shared Reader and later reads return zero
// values, so that a decoder reads like the list of fields it is.
type Object struct {
	r    *Reader
	path string
	left map[string]Value
	keys []string
}

// Reader is the state shared by the objects of one request.
type Reader struct {
	err     *Refusal
	dropped []string
}

// Err returns the first fault, nil when there was none.
func (r *Reader) Err() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// Dropped lists the fields nobody read, in the order of the request.
func (r *Reader) Dropped() []string { return r.dropped }

// Fail records a fault at path; the first one counts.
func (r *Reader) Fail(refusal *Refusal) {
	if r.err == nil {
		r.err = refusal
	}
}

// Object opens v, which must be an object, for reading by name. Inside a request
// an empty list is one too: PHP writes an object without members as [].
func (r *Reader) Object(path string, v Value) *Object {
	o := &Object{r: r, path: path, left: make(map[string]Value, len(v.Members))}
	if v.Kind != '{' && !(v.emptyList() && path != "") {
		r.Fail(Invalid("wrong_type", path, "%s must be a JSON object.", orBody(path)))
		return o
	}
	for _, m := range v.Members {
		o.left[m.Name] = m.Value
		o.keys = append(o.keys, m.Name)
	}
	return o
}

func orBody(path string) string {
	if path == "" {
		return "The request body"
	}
	return path
}

// Path returns the path of a member, as refusals and Dropped name it.
func (o *Object) Path(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

// Take removes a member and returns it; ok is false when it is absent or null.
func (o *Object) Take(name string) (v Value, ok bool) {
	v, ok = o.left[name]
	delete(o.left, name)
	return v, ok && v.Kind != 'n'
}

// Drop reports the members that nobody took.
func (o *Object) Drop() {
	for _, k := range o.keys {
		if _, left := o.left[k]; left {
			o.r.dropped = append(o.r.dropped, o.Path(k))
		}
	}
}

func (o *Object) wrong(name, want string) {
	o.r.Fail(Invalid("wrong_type", o.Path(name), "%s must be %s.", o.Path(name), want))
}

// String takes a string; "" when absent.
func (o *Object) String(name string) string {
	v, ok := o.Take(name)
	if ok && v.Kind != '"' {
		o.wrong(name, "a string")
	}
	if v.Kind != '"' {
		return ""
	}
	return v.Text
}

// Bool takes a truth value; nil when absent.
func (o *Object) Bool(name string) *bool {
	v, ok := o.Take(name)
	if !ok {
		return nil
	}
	b := v.Kind == 't'
	if !b && v.Kind != 'f' {
		o.wrong(name, "true or false")
	}
	return &b
}

// Number takes a number between min and max, both included; nil when absent.
func (o *Object) Number(name string, min, max float64) *float64 {
	v, ok := o.Take(name)
	if !ok {
		return nil
	}
	f, err := strconv.ParseFloat(v.Text, 64)
	if v.Kind != '0' || err != nil || f < min || f > max {
		o.wrong(name, fmt.Sprintf("a number from %g to %g", min, max))
	}
	return &f
}

// Int takes a whole number between min and max, both included; nil when absent.
func (o *Object) Int(name string, min, max int64) *int64 {
	v, ok := o.Take(name)
	if !ok {
		return nil
	}
	i, err := strconv.ParseInt(v.Text, 10, 64)
	if f, e := strconv.ParseFloat(v.Text, 64); err != nil && e == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		i, err = int64(f), nil // PHP writes 1.0 for a float that is whole
	}
	if v.Kind != '0' || err != nil || i < min || i > max {
		o.wrong(name, fmt.Sprintf("a whole number from %d to %d", min, max))
	}
	return &i
}

// Array takes an array of at most max elements; nil when absent.
func (o *Object) Array(name string, max int) []Value {
	v, ok := o.Take(name)
	if !ok {
		return nil
	}
	if v.Kind != '[' || len(v.Items) > max {
		o.wrong(name, fmt.Sprintf("an array of at most %d elements", max))
		return nil
	}
	return v.Items
}

// JSON takes an object and returns it as it was written; "" when absent.
func (o *Object) JSON(name string) string {
	v, ok := o.Take(name)
	switch {
	case ok && v.emptyList():
		return "{}"
	case ok && v.Kind != '{':
		o.wrong(name, "a JSON object")
	}
	return v.Raw
}

// Schema takes a JSON schema; "" when absent.
func (o *Object) Schema(name string) string {
	v, ok := o.Take(name)
	if ok && v.Kind != '{' && !v.emptyList() {
		o.wrong(name, "a JSON schema")
	}
	return v.Schema()
}

// Arguments takes the arguments of a tool's call, a text that should be a JSON
// object. What clients write for none is one without members.
func (o *Object) Arguments(name string) string {
	switch s := o.String(name); s {
	case "", "null", "[]":
		return "{}"
	default:
		return s
	}
}

// Elem names an element of an array in refusals and Dropped.
func Elem(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
