package dialect

import "slices"

// Class says what becomes of a field of a request.
type Class string

// The classes. There is no other: a field that is in none of them is unknown,
// and an unknown field is dropped and named like a [Dropped] one.
const (
	Masked   Class = "masked"   // text a model reads: masked and guarded
	Schema   Class = "schema"   // a JSON schema: masked and guarded as JSON
	Bounded  Class = "bounded"  // a number, truth value, or one of few words or names: no text fits in
	Renamed  Class = "renamed"  // an id of the caller's: replaced by one of ours
	Kept     Class = "kept"     // used by the gateway alone; no engine and no entry gets it
	Emulated Class = "emulated" // the engine has no such thing; the gateway does it
	Ignored  Class = "ignored"  // read and without effect here, which harms nobody
	Dropped  Class = "dropped"  // not passed on, and named to the caller and in the entry
	Refused  Class = "refused"  // the call is refused with a code
)

// Field says what becomes of one field of a protocol's requests. A path names
// members by dots, elements of a list by [], and any name by *:
// messages[].content[].text.
type Field struct {
	Path  string
	Class Class
	Note  string // for the docs, "" where the class says all
}

// Of makes the fields of one class.
func Of(class Class, note string, paths ...string) []Field {
	fields := make([]Field, 0, len(paths))
	for _, p := range paths {
		fields = append(fields, Field{p, class, note})
	}
	return fields
}

// Uncounted makes the fields of a request that is only counted of those of the
// one it is a count of: what shapes an answer has no part in it.
func Uncounted(fields []Field, paths ...string) []Field {
	var out []Field
	for _, f := range fields {
		if slices.Contains(paths, f.Path) {
			f.Class, f.Note = Ignored, "has no part in the count"
		}
		out = append(out, f)
	}
	return out
}

// ExtensionFields are the fields of the object "ringfence", the same in every
// protocol whose requests are JSON objects.
func ExtensionFields() []Field {
	return append(Of(Kept, "", "ringfence.purpose", "ringfence.subject", "ringfence.conversation",
		"ringfence.people[].name", "ringfence.people[].email", "ringfence.people[].phone",
		"ringfence.people[].address", "ringfence.people[].company",
		"ringfence.origins[].message", "ringfence.origins[].origin"),
		Field{"ringfence.context", Masked, "cut to the purpose before it is masked"})
}
