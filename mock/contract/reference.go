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

// get is the value under name, in the same file.
func (s spot) get(name string) spot { return spot{s.Get(name), s.file} }

// mostHops bounds chains of references.
const mostHops = 50

var errLoop = errors.New("it leads back to itself")

// follow gives what a value stands for: itself, or where its $ref leads in the end. A reference that leads nowhere is a
// diagnostic, and gives an absent value.
func (c *Contract) follow(s spot) spot {
	at := s
	to, err := c.chase(s, mostHops)
	if err != nil {
		c.diagnose(Diagnostic{
			Position: at.PositionOf("$ref"), Level: Error, Rule: "reference",
			Message: fmt.Sprintf("the reference %q cannot be followed: %v", at.Get("$ref").Text(), err),
		})
		return spot{}
	}
	return to
}

func (c *Contract) chase(s spot, hops int) (spot, error) {
	for s.Is(source.Object) && s.Get("$ref").Is(source.String) {
		if hops--; hops < 0 {
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
func (c *Contract) target(file, ref string, hops int) (spot, error) {
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
func (c *Contract) walk(s spot, pointer string, hops int) (spot, error) {
	for token := range strings.SplitSeq(pointer[1:], "/") {
		next, err := s.At("/" + token)
		if err != nil && s.Get("$ref").Is(source.String) && hops > 0 {
			if s, err = c.chase(s, hops-1); err == nil {
				next, err = s.At("/" + token)
			}
		}
		if err != nil {
			return spot{}, fmt.Errorf("there is no %q at %s", source.Unescape(token), s.Position())
		}
		s.Node = next
	}
	return s, nil
}
