package contract

import (
	"fmt"
	"strconv"
	"strings"

	"standin/mock/internal/source"
	"standin/mock/schema"
)

// Callback is a request that the absent server sends: a callback of an operation (OpenAPI 3.1, 4.8.18), or a webhook of the document
// (4.8.1; x-webhooks before).
type Callback struct {
	// ID is OPERATION.NAME of a callback, or the name of a webhook, with the method behind it where there are several of them.
	ID string
	// Name is the key under callbacks or webhooks.
	Name string
	// Of is the operation whose callback it is, nil for a webhook.
	Of *Operation
	// After are the operations that it follows where they succeed: Of alone, or those that x-mock.after names in the Operation Object of a
	// webhook.
	After []*Operation
	// To is where it goes: the key of the callback, or x-mock.to of a webhook; nil where the document does not say.
	To *Expression
	// Request is what is sent, and how it is to be answered. Its Template is "", and no path leads to it.
	Request  *Operation
	Position Position
}

// Callbacks are the webhooks of the document, then the callbacks of all operations, in the order of the document.
func (c *Contract) Callbacks() []*Callback { return c.callbacks }

// Callbacks are those that follow where the operation succeeds.
func (o *Operation) Callbacks() []*Callback { return o.callbacks }

// CallbacksNamed are those that a text may mean: that of the id, else all of the name, else that of the operationId.
func (c *Contract) CallbacksNamed(text string) []*Callback {
	for _, same := range []func(*Callback) bool{
		func(b *Callback) bool { return b.ID == text },
		func(b *Callback) bool { return b.Name == text },
		func(b *Callback) bool { return b.Request.Node().Get("operationId").Text() == text },
	} {
		var out []*Callback
		for _, one := range c.callbacks {
			if same(one) {
				out = append(out, one)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// indexCallbacks finds what the absent server sends. Nothing is compiled yet.
func (c *Contract) indexCallbacks() {
	if c.dialect == schema.OpenAPI20 {
		return
	}
	taken := map[string]int{}
	for _, key := range []string{"webhooks", "x-webhooks"} {
		if !has(c.root, key) {
			continue
		}
		hooks := c.member(c.top(), key, source.Object)
		for _, m := range hooks.Members() {
			if !strings.HasPrefix(m.Name, "x-") {
				c.indexCallback(Callback{ID: m.Name, Name: m.Name, Position: m.Position()}, c.entry(m, hooks.file, "webhook"), taken)
			}
		}
	}
	for _, op := range c.operations {
		if has(op.node.Node, "callbacks") {
			c.indexCallbacksOf(op, taken)
		}
	}
}

// indexCallbacksOf finds the callbacks of one operation.
func (c *Contract) indexCallbacksOf(op *Operation, taken map[string]int) {
	all := c.member(op.node, "callbacks", source.Object)
	for _, m := range all.Members() {
		if strings.HasPrefix(m.Name, "x-") {
			continue
		}
		one := c.entry(m, all.file, "callback")
		for _, to := range one.Members() {
			if strings.HasPrefix(to.Name, "x-") {
				continue
			}
			expression, err := ParseExpression(to.Name)
			if err != nil {
				c.warn(to.Position(), "callback", fmt.Sprintf("the callback %q is never sent by itself: %v", m.Name, err))
				expression = nil
			}
			found := Callback{ID: op.ID + "." + m.Name, Name: m.Name, Of: op, After: []*Operation{op}, To: expression, Position: to.Position()}
			c.indexCallback(found, c.entry(to, one.file, "path of the callback"), taken)
		}
	}
}

// indexCallback adds one for each method of a Path Item Object; taken are the ids that others have.
func (c *Contract) indexCallback(found Callback, item spot, taken map[string]int) {
	id := found.ID
	for _, method := range methods() {
		node := item.get(method)
		if node.Node == nil {
			continue
		}
		if !node.Is(source.Object) {
			c.fault(node.Position(), "syntax", "an operation must be an object, this is "+kindName(node.Node))
			continue
		}
		one := found
		one.ID = freeCallback(taken, id, strings.ToUpper(method))
		one.Request = &Operation{ID: one.ID, Method: strings.ToUpper(method), Position: node.Position(), contract: c, node: node, item: item, outgoing: true}
		if one.Of == nil {
			c.followed(&one, node.Node)
		}
		c.callbacks = append(c.callbacks, &one)
		for _, op := range one.After {
			op.callbacks = append(op.callbacks, &one)
		}
	}
}

// freeCallback is an id that no other callback has. taken counts those that begin with one, so that many of a name cost no search.
func freeCallback(taken map[string]int, id, method string) string {
	if taken[id] == 0 {
		taken[id] = 1
		return id
	}
	id += " " + method
	free := id
	for taken[free] > 0 {
		taken[id]++
		free = id + " " + strconv.Itoa(taken[id])
	}
	taken[free]++
	return free
}

// followed reads what a webhook follows, and where it goes, from its x-mock.
func (c *Contract) followed(one *Callback, node *Node) {
	declared := node.Get("x-mock")
	after := declared.Get("after").Items()
	if text := declared.Get("after"); text.Is(source.String) {
		after = []*Node{text}
	}
	for _, n := range after {
		op := c.byID[n.Text()]
		if op == nil {
			c.fault(n.Position(), "callback", fmt.Sprintf("the webhook %q is to follow %q, which is no operation", one.Name, n.Text()))
			continue
		}
		one.After = append(one.After, op)
	}
	to := declared.Get("to")
	if to == nil {
		return
	}
	expression, err := ParseExpression(to.Text())
	if err != nil {
		c.fault(to.Position(), "callback", fmt.Sprintf("the webhook %q cannot be sent: %v", one.Name, err))
		return
	}
	one.To = expression
}
