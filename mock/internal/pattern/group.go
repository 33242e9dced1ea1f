package pattern

import "strings"

// group reads what follows an opening parenthesis.
func (p *parser) group(start int) (*node, error) {
	switch {
	case !p.eat("?"):
		return p.capture(start, "")
	case p.eat(":"):
		return p.body(start)
	case p.eat("="):
		return p.look(start, node{op: opLook})
	case p.eat("!"):
		return p.look(start, node{op: opLook, neg: true})
	case p.eat("<="):
		return p.look(start, node{op: opLook, behind: true})
	case p.eat("<!"):
		return p.look(start, node{op: opLook, behind: true, neg: true})
	case p.eat("<"):
		name, err := p.groupName('>')
		if err != nil {
			return nil, err
		}
		return p.capture(start, name)
	}
	if n, known, err := p.foreignGroup(start); known || err != nil {
		return n, err
	}
	return p.modifiers(start)
}

// foreignGroup reads groups of other dialects: (?P<name>x), (?P=name), (?>x), (?#comment).
func (p *parser) foreignGroup(start int) (n *node, known bool, err error) {
	known = true
	switch {
	case p.eat("P<"):
		var name string
		if err = p.lenient(start, "(?P<name>…) is not ECMA-262; it is taken as (?<name>…)"); err != nil {
			break
		}
		if name, err = p.groupName('>'); err == nil {
			n, err = p.capture(start, name)
		}
	case p.eat("P="):
		var name string
		if err = p.lenient(start, "(?P=name) is not ECMA-262; it is taken as \\k<name>"); err != nil {
			break
		}
		if name, err = p.groupName(')'); err == nil {
			n = p.refer(reference{name: name, offset: start})
		}
	case p.eat(">"):
		if err = p.lenient(start, "atomic groups (?>…) are not ECMA-262"); err != nil {
			break
		}
		if n, err = p.body(start); err == nil {
			n = &node{op: opAtomic, subs: []*node{n}}
		}
	case p.eat("#"):
		if err = p.lenient(start, "comments (?#…) are not ECMA-262; it is passed over"); err != nil {
			break
		}
		end := strings.IndexByte(p.src[p.pos:], ')')
		if end < 0 {
			return nil, true, p.failAt(start, "the comment is not closed")
		}
		p.pos += end + 1
	default:
		known = false
	}
	return n, known, err
}

// modifiers reads (?ims-ims:…), and (?ims) of other dialects, which holds to the end of the group around it.
func (p *parser) modifiers(start int) (*node, error) {
	was, on, seen := p.flags, true, ""
	for {
		if p.done() {
			return nil, p.failAt(start, "the group is not closed")
		}
		c := p.src[p.pos]
		p.pos++
		if c == ':' || c == ')' {
			if seen == "" || seen == "-" {
				return nil, p.failAt(start, "the kind of group after (? is unknown")
			}
			if c == ':' {
				n, err := p.body(start)
				p.flags = was
				return n, err
			}
			return nil, p.lenient(start, "(?"+seen+") is not ECMA-262; it is taken to hold from there on")
		}
		if strings.IndexByte(seen, c) >= 0 {
			return nil, p.failAt(start, "the flag %c stands twice", c)
		}
		seen += string(rune(c))
		switch c {
		case 'i':
			p.flags.i = on
		case 'm':
			p.flags.m = on
		case 's':
			p.flags.s = on
		case 'u', 'U', 'g':
			if err := p.lenient(start, "the flag "+string(rune(c))+" in a group is not ECMA-262; it is passed over"); err != nil {
				return nil, err
			}
		case '-':
			on = false
		default:
			return nil, p.failAt(start, "the kind of group after (? is unknown")
		}
	}
}

// body reads the inside of a group up to its closing parenthesis. Flags set inside end with it.
func (p *parser) body(start int) (*node, error) {
	was := p.flags
	n, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	p.flags = was
	if !p.eat(")") {
		return nil, p.failAt(start, "the group is not closed")
	}
	if n.op == opSet { // so that surrogates of two groups are never joined
		return &node{op: opCat, subs: []*node{n}}, nil
	}
	return n, nil
}

func (p *parser) look(start int, look node) (*node, error) {
	n, err := p.body(start)
	look.subs = []*node{n}
	return &look, err
}

func (p *parser) capture(start int, name string) (*node, error) {
	p.groups++
	number := p.groups
	if name != "" {
		if err := p.declare(start, name, number); err != nil {
			return nil, err
		}
	}
	n, err := p.body(start)
	return &node{op: opGroup, cap: number, subs: []*node{n}}, err
}

// declare remembers a named group. One name may stand in several alternatives, of which only one can match.
func (p *parser) declare(start int, name string, number int) error {
	path := append([]branch(nil), p.path...)
	for _, other := range p.names[name] {
		if !apart(path, other.path) {
			return p.failAt(start, "there are two groups with the name %q", name)
		}
	}
	if len(p.names[name]) >= 100 {
		return p.failAt(start, "there are too many groups with the name %q", name)
	}
	p.names[name] = append(p.names[name], namedGroup{number, path})
	return nil
}

func apart(a, b []branch) bool {
	for i := range min(len(a), len(b)) {
		if a[i].disjunction != b[i].disjunction {
			return false
		}
		if a[i].alternative != b[i].alternative {
			return true
		}
	}
	return false
}

func (p *parser) groupName(end byte) (string, error) {
	start := p.pos
	size := strings.IndexByte(p.src[start:], end)
	if size < 0 || !identifier(p.src[start:start+size]) {
		return "", p.failAt(start, "the name of a group must be an identifier")
	}
	p.pos += size + 1
	return p.src[start : start+size], nil
}

func (p *parser) refer(r reference) *node {
	r.node = &node{op: opBack, fold: p.flags.i}
	p.backs = append(p.backs, r)
	return r.node
}

// resolve gives every back reference its groups. Of several with one name at most one holds something, and a group
// that holds nothing matches "", so that all of them one after the other mean the right one.
func (p *parser) resolve() error {
	for _, r := range p.backs {
		if r.name == "" {
			if r.number > p.groups {
				return p.failAt(r.offset, "there is no group %d", r.number)
			}
			r.node.caps = []int{r.number}
			continue
		}
		groups := p.names[r.name]
		if len(groups) == 0 {
			return p.failAt(r.offset, "there is no group with the name %q", r.name)
		}
		for _, g := range groups {
			r.node.caps = append(r.node.caps, g.number)
		}
	}
	return nil
}
