package contract

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"standin/mock/internal/source"
)

// spot is a value with the file that its references start from.
type spot struct {
	*Node
	file string
}

// top is the root document.
func (c *Contract) top() spot { return spot{c.root, c.files.root()} }

// get is the value under name, in the same file.
func (s spot) get(name string) spot { return spot{s.Get(name), s.file} }

// member follows the member of an object that must be of a kind. Another kind is a diagnostic, and reads as absent.
func (c *Contract) member(owner spot, name string, k source.Kind) spot {
	s := c.follow(owner.get(name))
	if s.Node == nil || s.Is(k) {
		return s
	}
	c.misfit(owner.PositionOf(name), name, k, s.Node)
	return spot{}
}

// entry follows an entry of a map, which must be an object.
func (c *Contract) entry(m source.Member, file, what string) spot {
	s := c.follow(spot{m.Value, file})
	if s.Node == nil || s.Is(source.Object) {
		return s
	}
	c.misfit(m.Position(), fmt.Sprintf("the %s %q", what, m.Name), source.Object, s.Node)
	return spot{}
}

// misfit tells of a value of the wrong kind. Null often stands for a member whose content was never written, and is taken so.
func (c *Contract) misfit(at Position, what string, wanted source.Kind, n *Node) {
	message := fmt.Sprintf("%s must be %s, this is %s", what, article(wanted), kindName(n))
	if n.Is(source.Null) {
		c.warn(at, "syntax", message)
		return
	}
	c.fault(at, "syntax", message)
}

// mostHops bounds chains of references.
const mostHops = 50

var errLoop = errors.New("it leads back to itself")

// follow gives what a value stands for: itself, or where its $ref leads in the end. A reference that leads nowhere is a
// diagnostic, and gives an absent value.
func (c *Contract) follow(s spot) spot {
	at := s
	if to := s.Get("$ref"); to != nil && !to.Is(source.String) {
		c.fault(s.PositionOf("$ref"), "reference", "a $ref must be a string, this is "+kindName(to))
		return spot{}
	}
	hops := mostHops
	to, err := c.chase(s, &hops)
	if err != nil {
		c.diagnose(Diagnostic{
			Position: at.PositionOf("$ref"), Level: Error, Rule: "reference",
			Message: fmt.Sprintf("the reference %q cannot be followed: %v", at.Get("$ref").Text(), err),
		})
		return spot{}
	}
	return to
}

// chase follows references as long as there is one, and counts down the hops, also those on the way of pointers.
func (c *Contract) chase(s spot, hops *int) (spot, error) {
	for s.Is(source.Object) && s.Get("$ref").Is(source.String) {
		if *hops--; *hops < 0 {
			return spot{}, errLoop
		}
		var err error
		if s, err = c.target(s.file, s.Get("$ref").Text(), hops); err != nil {
			return spot{}, err
		}
	}
	return s, nil
}

// target is where a reference made in a file leads, without following further references at its end.
func (c *Contract) target(file, ref string, hops *int) (spot, error) {
	name, fragment, _ := strings.Cut(ref, "#")
	if name != "" {
		var err error
		if file, err = c.files.join(file, name); err != nil {
			return spot{}, err
		}
	}
	root, err := c.files.node(file)
	if err != nil {
		return spot{}, err
	}
	to := spot{root, file}
	if fragment == "" {
		return to, nil
	}
	if decoded, err := url.PathUnescape(fragment); err == nil && strings.HasPrefix(decoded, "/") {
		if found, err := c.walk(to, decoded, hops); err == nil {
			return found, nil
		}
	}
	if !strings.HasPrefix(fragment, "/") {
		return spot{}, fmt.Errorf("%q is no JSON Pointer", fragment)
	}
	return c.walk(to, fragment, hops)
}

// walk follows a pointer, through references on the way.
func (c *Contract) walk(s spot, pointer string, hops *int) (spot, error) {
	for token := range strings.SplitSeq(pointer[1:], "/") {
		next, err := s.At("/" + token)
		if err != nil && s.Get("$ref").Is(source.String) {
			if s, err = c.chase(s, hops); err != nil {
				return spot{}, err
			}
			next, err = s.At("/" + token)
		}
		if err != nil {
			return spot{}, fmt.Errorf("there is no %q at %s", source.Unescape(token), s.Position())
		}
		s.Node = next
	}
	return s, nil
}
