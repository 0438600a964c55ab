package minimize

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed catalogue.txt
var catalogueText string

// letter is a class's action for one purpose, as catalogue.txt writes it.
type letter byte

const letters = "agprsntk."

// catalogue is catalogue.txt, read once.
type catalogue struct {
	purposes  []Purpose
	column    map[string]int    // purpose -> index of its letter
	classes   map[string]class  // by name
	records   map[string]string // key in a context -> resource
	resources map[string]*field // resource -> its tree of fields
	meta      map[string]letter // purpose + " " + meta key
	overrides map[string]letter // purpose + " " + path
}

type class struct {
	letters string // one per purpose
	title   string
}

// field is a node of a resource. A field with children is structure, its class
// decides nothing.
type field struct {
	path     string // orders.billing.email
	class    string
	coarse   string // how it is generalised, "" if it cannot be
	children map[string]*field
}

// loaded parses the embedded text; it was written with the program, so a fault
// in it is a fault of the build, and a test reads every line.
var loaded = sync.OnceValue(func() *catalogue {
	c, err := parse(catalogueText)
	if err != nil {
		panic(err)
	}
	return c
})

func parse(text string) (*catalogue, error) {
	c := &catalogue{
		column: map[string]int{}, classes: map[string]class{}, records: map[string]string{},
		resources: map[string]*field{}, meta: map[string]letter{}, overrides: map[string]letter{},
	}
	section := ""
	for n, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			continue
		}
		if !c.line(section, line) {
			return nil, fmt.Errorf("catalogue.txt:%d: cannot read %q in section %s", n+1, line, section)
		}
	}
	return c, nil
}

// line reads one line and reports whether it was sound.
func (c *catalogue) line(section, line string) bool {
	w := strings.Fields(line)
	switch section {
	case "purposes":
		return c.addPurpose(line)
	case "classes":
		if len(w) < 3 || len(w[1]) != len(c.purposes) || strings.Trim(w[1], letters) != "" {
			return false
		}
		c.classes[w[0]] = class{w[1], strings.Join(w[2:], " ")}
		return true
	case "records":
		c.records[w[0]] = w[1]
		return len(w) == 2
	case "meta":
		return len(w) == 3 && c.exception(c.meta, w[1], w[0], w[2])
	case "overrides":
		return len(w) == 3 && c.exception(c.overrides, w[0], w[1], w[2])
	}
	return c.addField(section, w)
}

func (c *catalogue) addPurpose(line string) bool {
	id, title, ok := strings.Cut(line, " | ")
	surface, _, dotted := strings.Cut(id, ".")
	c.column[id] = len(c.purposes)
	c.purposes = append(c.purposes, Purpose{ID: id, Title: title, Surface: surface})
	return ok && dotted
}

func (c *catalogue) exception(to map[string]letter, purpose, key, action string) bool {
	_, known := c.column[purpose]
	to[purpose+" "+key] = letter(action[0])
	return known && len(action) == 1 && strings.Contains(letters, action)
}

func (c *catalogue) addField(resource string, w []string) bool {
	if len(w) < 2 || len(w) > 3 || c.classes[w[1]].letters == "" {
		return false
	}
	at := c.resources[resource]
	if at == nil {
		at = &field{path: resource, children: map[string]*field{}}
		c.resources[resource] = at
	}
	for name := range strings.SplitSeq(w[0], ".") {
		at = at.child(name)
	}
	at.class = w[1]
	if len(w) == 3 {
		at.coarse = w[2]
		return coarseners[w[2]] != nil
	}
	return true
}

// child returns the child called name, made if need be.
func (f *field) child(name string) *field {
	if f.children == nil {
		f.children = map[string]*field{}
	}
	if f.children[name] == nil {
		f.children[name] = &field{path: f.path + "." + name}
	}
	return f.children[name]
}
