// Package source reads JSON or YAML text as a tree whose every value knows its line and column.
//
// [Parse] reads a whole text at once. [Index] does the same for large documents without paying for what is not looked at:
// containers three levels down are only skipped over, then parsed on first touch. [DecodeJSON] reads one JSON text strictly into
// plain values (map[string]any, []any, string, bool, nil, [encoding/json.Number]), for bodies of requests and answers.
package source

import (
	"fmt"
	"slices"
	"sync"
)

// Position is a place in a file. The zero Position is nowhere.
type Position struct {
	// File is the name that the file was read under, with slashes.
	File string
	// Line and Col count from 1; Col counts bytes.
	Line, Col int
}

// String gives "FILE:LINE:COL", "line LINE, column COL" where no file is named, or "" for the zero Position.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.File == "":
		return fmt.Sprintf("line %d, column %d", p.Line, p.Col)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// MarshalText gives what String does.
func (p Position) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Error is what is wrong with a text, at the place where it was noticed.
type Error struct {
	Position Position
	Message  string
	// TooComplex tells that a [Limits] was reached: the text may be well formed, we will not look.
	TooComplex bool
}

func (e *Error) Error() string {
	if e.Position == (Position{}) {
		return e.Message
	}
	return e.Position.String() + ": " + e.Message
}

// Limits bound what a text may cost. Zero fields take the defaults.
type Limits struct {
	// Depth is the deepest nesting of arrays and objects; 256 by default.
	Depth int
	// Exponent is the largest absolute exponent of a number; 4,096 by default. Exact decimals grow with it.
	Exponent int
	// Digits is the longest number, in bytes; 4,096 by default.
	Digits int
	// Values is the largest number of values, YAML aliases counted once for each use; 4 million by default. Aliases have
	// a bound of their own below it: ten uses of each value, or 100,000 values in all.
	Values int
}

func (l Limits) orDefault() Limits {
	fill := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	fill(&l.Depth, 256)
	fill(&l.Exponent, 4096)
	fill(&l.Digits, 4096)
	fill(&l.Values, 4_000_000)
	return l
}

// File is one text with its faults: what is odd about it and yet does not keep the rest from being read.
type File struct {
	name  string
	text  []byte
	limit Limits

	lineOnce sync.Once
	lines    []int // offsets at which lines begin

	mu     sync.Mutex
	faults []*Error
}

// Name is the name that the file was read under.
func (f *File) Name() string { return f.name }

// Faults lists what was odd so far, in order of place: duplicate keys, pieces that cannot be parsed (they read as empty),
// values that JSON cannot express. Pieces nobody touched have not been looked at.
func (f *File) Faults() []*Error {
	f.mu.Lock()
	defer f.mu.Unlock()
	faults := slices.Clone(f.faults)
	slices.SortStableFunc(faults, func(a, b *Error) int {
		if a.Position.Line != b.Position.Line {
			return a.Position.Line - b.Position.Line
		}
		return a.Position.Col - b.Position.Col
	})
	return faults
}

func (f *File) fault(p Position, format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &Error{Position: p, Message: fmt.Sprintf(format, args...)})
}

// position of a byte offset of the text.
func (f *File) position(offset int) Position {
	f.lineOnce.Do(func() {
		f.lines = []int{0}
		for i, b := range f.text {
			if b == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	})
	i, found := slices.BinarySearch(f.lines, offset)
	if !found {
		i--
	}
	return Position{File: f.name, Line: i + 1, Col: offset - f.lines[i] + 1}
}
