package pattern

// op is what a node of a parsed pattern does.
type op uint8

const (
	opEmpty   op = iota // matches ""
	opSet               // one character of set
	opCat               // subs one after the other
	opAlt               // one of subs
	opRepeat            // subs[0], min to max times
	opGroup             // subs[0], remembered as group number cap
	opBegin             // the start of the string
	opEnd               // the end of the string
	opWord              // \b
	opNotWord           // \B
	opLook              // subs[0] must match (not match, if neg) ahead of here (behind, if behind)
	opBack              // what the groups in caps hold, one after the other
	opAtomic            // subs[0], never reconsidered
)

// node is one piece of a parsed pattern.
type node struct {
	op          op
	neg, behind bool // opLook
	lazy        bool // opRepeat: as few as possible
	fold        bool // opBack: without regard to case
	set         set
	subs        []*node
	min, max    int // opRepeat; max is unbounded for none
	cap         int // opGroup, from 1
	caps        []int
}

// unbounded is the max of a repetition that has none.
const unbounded = -1

func cat(subs []*node) *node {
	switch len(subs) {
	case 0:
		return &node{op: opEmpty}
	case 1:
		return subs[0]
	}
	return &node{op: opCat, subs: subs}
}

// alt joins alternatives; those of one character each become a class.
func alt(subs []*node) *node {
	if len(subs) == 1 {
		return subs[0]
	}
	var union set
	for _, sub := range subs {
		if sub.op != opSet {
			return &node{op: opAlt, subs: subs}
		}
		union = append(union, sub.set...)
	}
	return &node{op: opSet, set: union.canonical()}
}

// regular tells whether n is a regular expression in the strict sense, which can be matched in linear time.
func (n *node) regular() bool {
	if n.op == opLook || n.op == opBack || n.op == opAtomic {
		return false
	}
	for _, sub := range n.subs {
		if !sub.regular() {
			return false
		}
	}
	return true
}

// refers tells whether n has back references, so that groups matter.
func (n *node) refers() bool {
	if n.op == opBack {
		return true
	}
	for _, sub := range n.subs {
		if sub.refers() {
			return true
		}
	}
	return false
}

// walk calls visit for n and everything below it, in the order of the source.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, sub := range n.subs {
		sub.walk(visit)
	}
}

// Costs are counted up to tooMuch.
const tooMuch = 1 << 40

// times is the number of copies of its sub that a repetition unfolds to.
func (n *node) times() int {
	if n.max == unbounded {
		return n.min + 1
	}
	return max(n.max, 1)
}

// cost is about the number of steps of a linear-time program for n.
func (n *node) cost() int {
	sum := 1 + len(n.set)/32
	for _, sub := range n.subs {
		sum = min(sum+sub.cost(), tooMuch)
	}
	if n.op == opRepeat {
		copies := n.times()
		if copies > maxCount { // unfolding in halves, see repeatText
			copies *= 2
		}
		if sum > tooMuch/copies {
			return tooMuch
		}
		sum *= copies
	}
	return sum
}

// counted is the greatest product of counts, one inside the other, that package regexp sees in n.
func (n *node) counted() int {
	most := 1
	for _, sub := range n.subs {
		most = max(most, sub.counted())
	}
	if n.op == opRepeat {
		if c := n.times(); c > 1 && !n.simple() {
			if most > tooMuch/c {
				return tooMuch
			}
			most *= c
		}
	}
	return most
}

// simple tells whether a repetition is one of * + ?, which count nothing.
func (n *node) simple() bool {
	return n.max == unbounded && n.min <= 1 || n.min == 0 && n.max == 1
}
