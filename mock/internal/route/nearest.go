package route

import (
	"slices"
	"sort"
	"strings"
)

// Costs of the edits that turn a path into a template. Another literal costs more the more letters differ, up to a whole
// segment.
const (
	costSegment     = 10 // a segment too many or too few
	costPlaceholder = 3  // any text where a placeholder stands
	costMixed       = 5  // a text that does not fit {name}.json
	costLetter      = 2  // a literal that differs at all
)

// Bounds of what is compared, so that no path makes a 404 costly.
const (
	mostNear  = 24 // segments
	mostParts = 48 // letters of a segment, or segments of a template
)

// neighbours are the templates, made ready for comparison.
type neighbours struct {
	templates []string
	words     []segment // each different segment once
	spelled   [][]int   // the templates as indexes into words
}

func newNeighbours(templates []string) neighbours {
	templates = slices.Clone(templates)
	sort.Strings(templates)
	n := neighbours{templates: slices.Compact(templates)}
	known := map[string]int{}
	for _, t := range n.templates {
		path, _ := split(t)
		var spelled []int
		for text := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
			i, ok := known[text]
			if !ok {
				i = len(n.words)
				s, _, _ := parseSegment(text)
				known[text], n.words = i, append(n.words, s)
			}
			spelled = append(spelled, i)
		}
		n.spelled = append(n.spelled, spelled)
	}
	return n
}

// Nearest gives up to n templates that come nearest to a path by edit distance over segments, the best first, for the text
// of a 404. Templates equally near stand in alphabetical order.
func (m *Matcher) Nearest(escapedPath string, n int) []string {
	near := m.near
	path := strings.SplitN(strings.Trim(escapedPath, "/"), "/", mostNear+1)
	path = path[:min(len(path), mostNear)]
	costs := make([][]int, len(path)) // of each path segment against each word
	for i, text := range path {
		costs[i] = make([]int, len(near.words))
		for j, word := range near.words {
			costs[i][j] = word.cost(text)
		}
	}
	order := make([]int, len(near.templates))
	distances := make([]int, len(near.templates))
	for i, spelled := range near.spelled {
		order[i] = i
		distances[i] = edits(len(path), min(len(spelled), mostParts), costSegment, func(a, b int) int { return costs[a][spelled[b]] })
	}
	slices.SortStableFunc(order, func(a, b int) int { return distances[a] - distances[b] })
	var out []string
	for _, i := range order[:max(0, min(n, len(order)))] {
		out = append(out, near.templates[i])
	}
	return out
}

// cost is what it takes to make a segment of a path fit.
func (s segment) cost(text string) int {
	if !s.literal() {
		_, fits := s.match(text, true, nil)
		switch {
		case s.size() == 0:
			return costPlaceholder
		case fits:
			return costPlaceholder - 1
		}
		return costMixed
	}
	a, b := decoded(text[:min(len(text), 3*mostParts)]), s.texts[0]
	if a == b {
		return 0
	}
	a, b = a[:min(len(a), mostParts)], b[:min(len(b), mostParts)]
	longer := max(len(a), len(b), 1)
	if 2*min(len(a), len(b)) < longer {
		return costSegment
	}
	letters := edits(len(a), len(b), 1, func(i, j int) int {
		if a[i]|0x20 == b[j]|0x20 { // the same letter in either case
			return 0
		}
		return 1
	})
	return costLetter + letters*(costSegment-costLetter)/longer
}

// edits is the edit distance of two sequences of n and m parts, mostParts at most (Wagner and Fischer): step for a part too many or too few,
// change for a part instead of another.
func edits(n, m, step int, change func(i, j int) int) int {
	var row [mostParts + 1]int
	for j := range m + 1 {
		row[j] = j * step
	}
	for i := range n {
		diagonal := row[0]
		row[0] = (i + 1) * step
		for j := range m {
			here := min(row[j]+step, row[j+1]+step, diagonal+change(i, j))
			diagonal, row[j+1] = row[j+1], here
		}
	}
	return row[m]
}
