package param

import "testing"

func BenchmarkPathScalar(b *testing.B) {
	d := decoderOf(b, path("{type: integer, minimum: 1}"))
	b.ReportAllocs()
	for b.Loop() {
		if v, err := d.Path("482913"); err != nil || v == nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAcceptPath(b *testing.B) {
	d := decoderOf(b, path("{type: integer, minimum: 1}"))
	b.ReportAllocs()
	for b.Loop() {
		if !d.AcceptPath("482913") {
			b.Fatal("not accepted")
		}
	}
}

func BenchmarkQuery(b *testing.B) {
	page, sort := decoderOf(b, "{name: page, in: query, schema: {type: integer, minimum: 1, maximum: 1000}}"), decoderOf(b, "{name: sort, in: query, schema: {type: string, enum: [asc, desc]}}")
	tags := decoderOf(b, "{name: tag, in: query, schema: {type: array, items: {type: string}}}")
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			q, _ := ParseQuery("page=12&sort=asc&tag=a&tag=b")
			for _, d := range []*Decoder{page, sort, tags} {
				if _, _, err := d.Query(q); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("accept", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			q, _ := ParseQuery("page=12&sort=asc")
			if !page.AcceptQuery(q) || !sort.AcceptQuery(q) || !tags.AcceptQuery(q) {
				b.Fatal("not accepted")
			}
		}
	})
}

func BenchmarkDeepObject(b *testing.B) {
	d := decoderOf(b, param("query", "deepObject", true, "{type: object, properties: {lines: {type: array, items: {type: object, properties: {sku: {type: string}, n: {type: integer}}}}}}"))
	b.ReportAllocs()
	for b.Loop() {
		q, _ := ParseQuery("p[lines][0][sku]=a&p[lines][0][n]=2&p[lines][1][sku]=b&p[lines][1][n]=3")
		if _, _, err := d.Query(q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkForm(b *testing.B) {
	f, _ := formOf(b, "{schema: {type: object, properties: {to: {type: string}, body: {type: string}, count: {type: integer}, tags: {type: array, items: {type: string}}}}}")
	body := []byte("to=%2B15551234567&body=Hello+there%2C+world&count=3&tags=a&tags=b")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Decode(body); err != nil {
			b.Fatal(err)
		}
	}
}
