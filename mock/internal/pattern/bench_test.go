package pattern

import "testing"

func BenchmarkMatch(b *testing.B) {
	cases := []struct{ name, source, text string }{
		{"hex", `^[0-9a-f]{32}$`, "0123456789abcdef0123456789abcdef"},
		{"name", `^[a-zA-Z0-9_-]{1,64}$`, "a-reasonable_Name-42"},
		{"uuid", `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`, "123e4567-e89b-12d3-a456-426614174000"},
		{"unanchored", `\d{5}`, "the number is 12345"},
		{"ipv4", `^((25[0-5]|2[0-4]\d|1?\d?\d)(\.|$)){4}`, "192.168.10.255"},
		{"count4096", `^[a-z ]{1,4096}$`, "a short text of some words"},
		{"look", `^(?!-)[a-z-]{1,63}(?<!-)$`, "a-label-of-a-name"},
		{"backtrack", `^(['"]).*\1$`, `"some quoted text"`},
	}
	for _, c := range cases {
		p, err := Compile(c.source)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if ok, err := p.Match(c.text); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, source := range []string{`^[0-9a-f]{32}$`, `^\p{L}+$`, `^[a-z]{1,4096}$`, `^(?!x)a(?=b)`} {
		b.Run(source, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compile(source); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
