package pattern

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// What is drawn matches and has the length asked for.
func TestSample(t *testing.T) {
	for _, c := range []struct {
		source      string
		least, most int
	}{
		{`^[a-z]+$`, 0, -1}, {`^[a-z]+$`, 200, 210}, {`^[A-Z]{2}-\d{4}$`, 0, -1}, {`^(ab)+$`, 7, 8}, {`abc`, 10, 12}, {`^abc`, 10, 10},
		{`abc$`, 10, 10}, {`^(a|bb|ccc)$`, 2, 2}, {`^\w+@\w+\.\w{2,3}$`, 20, 30}, {`^$`, 0, 5}, {`^(?!x)[a-z]{3}$`, 0, -1},
		{`^(?=.*\d)(?=.*[A-Z]).{8,12}$`, 0, -1}, {`^([ab]{2})\1$`, 0, -1}, {`^[^a-z]$`, 0, -1}, {`^\u4e00+$`, 3, 3}, {`^.{1000,}$`, 0, -1},
		{`^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$`, 0, 7}, {`^a?b?c?$`, 2, 2}, {`^[\s\S]*$`, 5, 5}, {`\bword\b`, 0, -1}, {`^(a*)*$`, 4, 4},
		{`^[0-9a-f]{8}-[0-9a-f]{4}$`, 13, 13}, {`^(?:(?:a|b){2,3}-?){1,4}$`, 9, 11}, {`^(?i:abc)$`, 0, -1},
	} {
		p, err := Compile(c.source)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(40) {
			pick := rand.New(rand.NewPCG(seed, 1)).IntN
			s, ok := p.Sample(pick, c.least, c.most)
			if !ok {
				t.Errorf("%s of %d to %d: nothing found", c.source, c.least, c.most)
				break
			}
			n := utf8.RuneCountInString(s)
			if m, err := p.Match(s); !m || err != nil || n < c.least || c.most >= 0 && n > c.most || !utf8.ValidString(s) {
				t.Errorf("%s of %d to %d: %q", c.source, c.least, c.most, s)
			}
			again, _ := p.Sample(rand.New(rand.NewPCG(seed, 1)).IntN, c.least, c.most)
			if again != s {
				t.Errorf("%s: %q, then %q", c.source, s, again)
			}
		}
	}
}

func TestSampleOfNothing(t *testing.T) {
	for _, c := range []struct {
		source      string
		least, most int
	}{
		{`^a{3}$`, 0, 2}, {`^a{3}$`, 4, -1}, {`^[^\s\S]$`, 0, -1}, {`^(?=.*x)(?!.*x).+$`, 0, -1}, {`^(a{1000}){1000}$`, 0, -1}, {`a`, 3, 2},
		{`^(?:(?:a{1000}){1000}){1000}$`, 0, -1},
	} {
		p, err := Compile(c.source)
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := p.Sample(rand.New(rand.NewPCG(1, 1)).IntN, c.least, c.most); ok {
			t.Errorf("%s of %d to %d: %.60q", c.source, c.least, c.most, s)
		}
	}
}

func FuzzSample(f *testing.F) {
	for _, source := range []string{`^[a-z]+(-\d+)?$`, `(a|b)*c{2,}`, `^(?!a)(.)\1$`, `[^\d]\b`, `(?<n>x)\k<n>`, `((a*)*)*$`} {
		f.Add(source, uint64(1), uint8(0), uint8(20))
	}
	f.Fuzz(func(t *testing.T, source string, seed uint64, least, most uint8) {
		if len(source) > 200 {
			return
		}
		p, err := Compile(source)
		if err != nil {
			return
		}
		s, ok := p.Sample(rand.New(rand.NewPCG(seed, 1)).IntN, int(least), int(most))
		if n := utf8.RuneCountInString(s); ok && (n < int(least) || n > int(most) || !utf8.ValidString(s)) {
			t.Fatalf("%q for %q, of %d to %d", s, source, least, most)
		}
	})
}
