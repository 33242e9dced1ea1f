package pattern

// linearize divides n into expressions without look-around that together mean the same, nil if it cannot. It knows the
// places where look-around can only be at one end of the string: ^(?=A)(?!B)C matches what ^A matches, ^B does not and
// ^C does; C(?<!D)$ matches what C$ matches and D$ does not.
func linearize(n *node) []conjunction {
	for n.op == opGroup && !n.refers() {
		n = n.subs[0]
	}
	if n.regular() {
		if re := newLinear(n); re != nil {
			return []conjunction{{{re: re}}}
		}
		return nil
	}
	if n.refers() {
		return nil
	}
	if n.op != opAlt {
		return one(conjoin(n))
	}
	var all []conjunction
	var plain []*node // alternatives without look-around stay together
	for _, sub := range n.subs {
		if sub.regular() {
			plain = append(plain, sub)
			continue
		}
		c := conjoin(sub)
		if c == nil {
			return nil
		}
		all = append(all, c)
	}
	if len(plain) > 0 {
		re := newLinear(alt(plain))
		if re == nil {
			return nil
		}
		all = append([]conjunction{{{re: re}}}, all...)
	}
	return all
}

func one(c conjunction) []conjunction {
	if c == nil {
		return nil
	}
	return []conjunction{c}
}

// conjoin takes the look-around off both ends of a sequence.
func conjoin(n *node) conjunction {
	if n.op == opLook {
		n = &node{op: opCat, subs: []*node{n}}
	}
	if n.op != opCat && n.op != opGroup {
		return nil
	}
	subs := sequence(nil, n)
	var terms conjunction
	if subs[0].op == opBegin {
		rest := subs[1:]
		for len(rest) > 0 && rest[0].op == opLook && !rest[0].behind {
			terms = append(terms, term{newLinear(cat([]*node{subs[0], rest[0].subs[0]})), rest[0].neg})
			rest = rest[1:]
		}
		subs = append([]*node{subs[0]}, rest...)
	}
	if end := subs[len(subs)-1]; end.op == opEnd {
		rest := subs[:len(subs)-1]
		for len(rest) > 0 && rest[len(rest)-1].op == opLook && rest[len(rest)-1].behind {
			look := rest[len(rest)-1]
			terms = append(terms, term{newLinear(cat([]*node{look.subs[0], end})), look.neg})
			rest = rest[:len(rest)-1]
		}
		subs = append(append([]*node(nil), rest...), end)
	}
	terms = append(terms, term{re: newLinear(cat(subs))})
	for _, t := range terms {
		if t.re == nil {
			return nil
		}
	}
	return terms
}

// sequence lists what follows one another in n, through groups that nothing refers to.
func sequence(list []*node, n *node) []*node {
	switch n.op {
	case opEmpty:
		return list
	case opCat, opGroup:
		for _, sub := range n.subs {
			list = sequence(list, sub)
		}
		return list
	}
	return append(list, n)
}
