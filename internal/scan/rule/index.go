package rule

import "strings"

// index finds a value by exact name or by a pattern with * at either end. The first
// matching row of the table wins, exact names before patterns.
type index[T any] struct {
	exact    map[string]*T
	patterns []pattern[T]
}

type pattern[T any] struct {
	prefix, suffix, middle string
	v                      *T
}

func (x *index[T]) add(name string, v *T) {
	name = strings.ToLower(name)
	if x.exact == nil {
		x.exact = map[string]*T{}
	}
	head, tail, star := strings.Cut(name, "*")
	switch {
	case !star:
		if x.exact[name] == nil {
			x.exact[name] = v
		}
	case head == "" && strings.HasSuffix(tail, "*"):
		x.patterns = append(x.patterns, pattern[T]{middle: strings.TrimSuffix(tail, "*"), v: v})
	default:
		x.patterns = append(x.patterns, pattern[T]{prefix: head, suffix: tail, v: v})
	}
}

// find looks up a lower-case name.
func (x *index[T]) find(name string) *T {
	if v := x.exact[name]; v != nil {
		return v
	}
	for i := range x.patterns {
		p := &x.patterns[i]
		if p.middle != "" && strings.Contains(name, p.middle) ||
			p.middle == "" && len(name) >= len(p.prefix)+len(p.suffix) &&
				strings.HasPrefix(name, p.prefix) && strings.HasSuffix(name, p.suffix) {
			return p.v
		}
	}
	return nil
}

// Names are lower case in all look-ups; a leading backslash is not part of a name.

// Call returns the source a plain function is, or nil.
func (s *Set) Call(name string) *Source { return s.calls.find(name) }

// Method returns the source Class::name is, or nil.
func (s *Set) Method(class, name string) *Source { return s.methods.find(class + "::" + name) }

// Prop returns the source a property of a class is, or nil.
func (s *Set) Prop(class, name string) *Source { return s.props.find(class + "::" + name) }

// Word returns the source a telling member name is on any receiver, or nil.
func (s *Set) Word(name string) *Source { return s.words.find(name) }

// Key returns the source a key of request input is, or nil.
func (s *Set) Key(name string) *Source { return s.keys.find(name) }

// Meta returns the source a meta key is, or nil.
func (s *Set) Meta(name string) *Source { return s.metas.find(name) }

// Type returns what an object of a class carries as a whole, or nil.
func (s *Set) Type(class string) *Source { return s.types.find(class) }

// Same returns the class that stands for this one in the tables, itself if there is no other.
func (s *Set) Same(class string) string {
	if v := s.same.find(class); v != nil {
		return strings.ToLower(v.Type)
	}
	return class
}

// Table returns the source a database table (without prefix) is, or nil.
func (s *Set) Table(name string) *Source { return s.tablesBy.find(name) }

// SinkCall returns the sink a plain function is, or nil.
func (s *Set) SinkCall(name string) *Sink { return s.sinkCalls.find(name) }

// SinkMethod returns the sink Class::name is, or nil.
func (s *Set) SinkMethod(class, name string) *Sink { return s.sinkMethods.find(class + "::" + name) }

// SinkStatic returns the sink a static method is, or nil.
func (s *Set) SinkStatic(class, name string) *Sink { return s.sinkStatics.find(class + "::" + name) }

// Unprefixed calls look with a class name and with what is left of it when a prefix of the plugin's own is
// taken off, as tools do that rename libraries: Shop\Vendor\OpenAI\Client.
func (s *Set) Unprefixed(class string, look func(string) *Sink) *Sink {
	for range 5 {
		if sink := look(class); sink != nil {
			return sink
		}
		_, rest, ok := strings.Cut(class, `\`)
		if !ok {
			return nil
		}
		class = rest
	}
	return nil
}

// SinkClass returns the sink that objects of a class are, or nil.
func (s *Set) SinkClass(class string) *Sink { return s.sinkNew.find(class) }

// Guard returns the effect of a call: a check on the way in, or what it does to its arguments; "" for none.
// known tells whether the name belongs to PHP or WordPress, so that a method of the same name does not count.
func (s *Set) Guard(name string, plain bool) string {
	if plain {
		if e := s.guardCalls.find(name); e != nil {
			return *e
		}
	}
	if e := s.guardWords.find(name); e != nil {
		return *e
	}
	return ""
}

// Hook returns what is known of a hook, or nil.
func (s *Set) Hook(name string) *Hook { return s.hooks.find(name) }
