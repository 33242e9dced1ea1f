package behaviour

import (
	"strings"

	"standin/mock/internal/expr"
	"standin/mock/internal/source"
)

// steps compiles a list of steps.
func (k *compiler) steps(n *source.Node) []step {
	var out []step
	for _, one := range n.Items() {
		s := k.step(one)
		if when := one.Get("if"); when != nil {
			s = &conditional{k.condition(when), s}
		}
		out = append(out, s)
	}
	return out
}

// step compiles one step by its verb.
func (k *compiler) step(n *source.Node) step {
	switch {
	case n.Get("let") != nil:
		s := &letting{}
		for _, m := range n.Get("let").Members() {
			s.names, s.values = append(s.names, m.Name), append(s.values, k.program(m.Value))
		}
		return s
	case n.Get("require") != nil:
		return &requiring{k.condition(n.Get("require")), k.failing(n, "else")}
	case n.Get("fail") != nil:
		return k.failing(n, "fail")
	case n.Get("insert") != nil:
		k.writable(n, "insert")
		return &inserting{k.named(n, "insert"), k.template(n.Get("row")), n.Get("as").StringOr("")}
	case n.Get("set") != nil:
		return &setting{k.choosing(n, "set"), k.template(n.Get("to")), n.Get("as").StringOr("")}
	case n.Get("delete") != nil:
		return &deleting{k.choosing(n, "delete")}
	case n.Get("query") != nil:
		d := k.dialects[n.Get("by").Text()]
		if d == nil {
			k.fault(n.PositionOf("by"), "there is no dialect %q", n.Get("by").Text())
		}
		return &querying{k.named(n, "query"), d, n.Get("as").Text()}
	case n.Get("each") != nil:
		return &looping{k.program(n.Get("each")), n.Get("as").Text(), k.steps(n.Get("do"))}
	case n.Get("try") != nil:
		return &trying{k.steps(n.Get("try")), n.Get("as").Text()}
	case n.Get("do") != nil:
		return block(k.steps(n.Get("do")))
	case n.Get("call") != nil:
		return k.calling(n)
	case n.Get("send") != nil:
		return k.sending(n.Get("send"))
	}
	o := &outcome{body: k.template(n.Get("answer")), hasBody: true, status: wholeOf(n.Get("status").Value(), 0)}
	return &answering{o}
}

func (k *compiler) calling(n *source.Node) step {
	name := n.Get("call").Text()
	r := k.routines[name]
	if r == nil {
		k.fault(n.PositionOf("call"), "there is no routine %q", name)
		r = &routine{}
	}
	return &calling{r, k.template(n.Get("with")), name}
}

func (k *compiler) sending(n *source.Node) step {
	s := &sending{
		to: k.program(n.Get("to")), method: n.Get("method").StringOr("POST"), headers: k.template(n.Get("headers")),
		tries: wholeOf(n.Get("tries").Value(), 1), pause: duration(n.Get("pause"), 0),
	}
	if n.Get("body") != nil {
		s.body = k.template(n.Get("body"))
	}
	return s
}

// named is the collection that a verb names.
func (k *compiler) named(n *source.Node, verb string) *Collection {
	c := k.collections[n.Get(verb).Text()]
	if c == nil {
		k.fault(n.PositionOf(verb), "there is no collection %q", n.Get(verb).Text())
		c = &Collection{}
	}
	return c
}

// writable tells of a step that would write to rows inside others.
func (k *compiler) writable(n *source.Node, verb string) {
	if c := k.collections[n.Get(verb).Text()]; c != nil && c.inside != nil {
		k.fault(n.PositionOf(verb), "the rows of %s are inside those of %s, which must be changed instead", c.Name, c.inside.of.Name)
	}
}

func (k *compiler) choosing(n *source.Node, verb string) choosing {
	k.writable(n, verb)
	c := choosing{of: k.named(n, verb)}
	if n.Get("key") != nil {
		c.key = k.program(n.Get("key"))
	} else {
		c.where = k.condition(n.Get("where"))
	}
	return c
}

// failing is the error that a member of a step names.
func (k *compiler) failing(n *source.Node, member string) *failing {
	name := n.Get(member).Text()
	o := k.failures[name]
	if o == nil {
		k.fault(n.PositionOf(member), "x-mock.errors has no %q", name)
		o = &outcome{}
	}
	return &failing{name, o, k.template(n.Get("with"))}
}

func (k *compiler) outcome(n *source.Node) *outcome {
	o := &outcome{status: wholeOf(n.Get("status").Value(), 0), kind: n.Get("type").StringOr("")}
	if h := n.Get("headers"); h != nil {
		o.headers = k.template(h)
	}
	if b := n.Get("body"); b != nil {
		o.body, o.hasBody = k.template(b), true
	}
	return o
}

// template compiles a template; of nothing, one that gives nothing.
func (k *compiler) template(n *source.Node) *expr.Template {
	t, err := k.language.Template(n.Position().String(), n.Value())
	if err != nil {
		k.wrong(n, err)
		t, _ = k.language.Template("", nil)
	}
	return t
}

// program compiles a program.
func (k *compiler) program(n *source.Node) *expr.Value {
	text := n.Text()
	if !n.Is(source.String) {
		text = string(n.AppendJSON(nil))
	}
	v, err := k.language.Value(n.Position().String(), text)
	if err != nil {
		k.wrong(n, err)
		v, _ = k.language.Value("", "nil")
	}
	return v
}

// condition compiles a condition, nil of nothing.
func (k *compiler) condition(n *source.Node) *expr.Predicate {
	if n == nil {
		return nil
	}
	text := n.Text()
	if !n.Is(source.String) {
		text = string(n.AppendJSON(nil))
	}
	p, err := k.language.Predicate(n.Position().String(), text)
	if err != nil {
		k.wrong(n, err)
		p, _ = k.language.Predicate("", "false")
	}
	return p
}

func (k *compiler) wrong(n *source.Node, err error) {
	at := n.Position()
	k.fault(at, "%s", strings.TrimPrefix(err.Error(), at.String()+": "))
}
