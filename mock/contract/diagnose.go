package contract

import (
	"cmp"
	"slices"

	"standin/mock/schema"
)

// remark is what is said of a place, which is said once.
type remark struct {
	at      Position
	message string
}

// diagnose notes a fault once; the caller holds the lock, or is still indexing.
func (c *Contract) diagnose(d Diagnostic) {
	d.Operation = ""
	said := remark{d.Position, d.Message}
	if c.known[said] {
		return
	}
	c.known[said] = true
	c.found = append(c.found, d)
}

// warn notes an oddity that breaks no promise.
func (c *Contract) warn(at Position, rule, message string) {
	c.diagnose(Diagnostic{Position: at, Level: Warning, Rule: rule, Message: message})
}

// fault notes a promise that cannot be kept.
func (c *Contract) fault(at Position, rule, message string) {
	c.diagnose(Diagnostic{Position: at, Level: Error, Rule: rule, Message: message})
}

// drainSchemas takes over what the schema compiler found.
func (c *Contract) drainSchemas() {
	for _, d := range c.compiler.Diagnostics() {
		rule := "schema"
		if d.Keyword == "$ref" || d.Keyword == "$dynamicRef" {
			rule = "reference"
		}
		c.diagnose(Diagnostic{Position: d.Position, Level: d.Level, Rule: rule, Message: d.Message})
	}
}

func (c *Contract) diagnostics() []Diagnostic {
	c.mu.Lock()
	out := slices.Concat(c.found, c.files.faults())
	c.mu.Unlock()
	slices.SortStableFunc(out, comparePlaces)
	return slices.Compact(out)
}

func comparePlaces(a, b Diagnostic) int {
	return cmp.Or(cmp.Compare(a.Position.File, b.Position.File), a.Position.Line-b.Position.Line, a.Position.Col-b.Position.Col)
}

// compile gives the schema at s, nil for an absent one.
func (c *Contract) compile(s spot) *schema.Schema {
	if s.Node == nil {
		return nil
	}
	out := c.compiler.Compile(c.files.uri(s.file), s.Node)
	c.drainSchemas()
	return out
}
