package php

// Walk visits n and everything below it in source order; visit returns false to skip what is below.
// Bodies of closures and anonymous classes count as below.
func Walk(n *Node, visit func(*Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	Walk(n.X, visit)
	Walk(n.Y, visit)
	for _, c := range n.List {
		Walk(c, visit)
	}
	Walk(n.Z, visit)
	if n.Func != nil {
		for _, c := range n.Func.Body {
			Walk(c, visit)
		}
	}
}

// Each visits every node of a file: top-level code, functions, methods, defaults and constants.
func (f *File) Each(visit func(*Node) bool) {
	for _, n := range f.Main.Body {
		Walk(n, visit)
	}
	for _, fn := range f.Funcs {
		fn.each(visit)
	}
	for _, c := range f.Classes {
		for _, k := range c.Consts {
			Walk(k.Value, visit)
		}
		for _, p := range c.Props {
			Walk(p.Default, visit)
		}
		for _, m := range c.Methods {
			m.each(visit)
		}
	}
}

func (fn *Func) each(visit func(*Node) bool) {
	for _, a := range fn.Params {
		Walk(a.Default, visit)
	}
	for _, n := range fn.Body {
		Walk(n, visit)
	}
}

// EachFunc visits every body of a file with the name of its function, top-level code first.
// Defaults and constants of a class come under the class's name.
func (f *File) EachFunc(visit func(name string, body []*Node)) {
	visit("", f.Main.Body)
	for _, fn := range f.Funcs {
		visit(fn.Name, fn.Body)
	}
	for _, c := range f.Classes {
		var defaults []*Node
		for _, k := range c.Consts {
			defaults = append(defaults, k.Value)
		}
		for _, p := range c.Props {
			defaults = append(defaults, p.Default)
		}
		visit(c.Name, defaults)
		for _, m := range c.Methods {
			visit(c.Name+"::"+m.Name, m.Body)
		}
	}
}
