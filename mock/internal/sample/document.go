package sample

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
)

// zipped writes an archive of files, each a name and a text.
func zipped(b *bytes.Buffer, namesAndTexts ...string) {
	z := zip.NewWriter(b)
	for i := 0; i+1 < len(namesAndTexts); i += 2 {
		h := &zip.FileHeader{Name: namesAndTexts[i], Method: zip.Deflate}
		if h.Name == "mimetype" { // which programs look for at its place (OCF 3.3, 4.3)
			h.Method = zip.Store
		}
		if f, err := z.CreateHeader(h); err == nil {
			_, _ = f.Write([]byte(namesAndTexts[i+1]))
		}
	}
	_ = z.Close()
}

// pdf writes a document of one page with one line of text (ISO 32000-1, 7.5).
func pdf(b *bytes.Buffer, line string) {
	content := "BT /F1 12 Tf 20 100 Td (" + line + ") Tj ET"
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
}

// Office Open XML: the head of a part, and namespaces.
const (
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	ooxmlTypes = "application/vnd.openxmlformats-officedocument."
	ooxmlLinks = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	ooxmlParts = "http://schemas.openxmlformats.org/package/2006/"
)

// relation is the part that says what another part is to the one that it belongs to (ISO/IEC 29500-2, 6.5).
func relation(kind, target string) string {
	return xmlHead + `<Relationships xmlns="` + ooxmlParts + `relationships"><Relationship Id="rId1" Type="` + ooxmlLinks + "/" + kind + `" Target="` + target + `"/></Relationships>`
}

// contentTypes is the part that names the types of others (ISO/IEC 29500-2, 7.2.3), given as names and types.
func contentTypes(namesAndTypes ...string) string {
	out := xmlHead + `<Types xmlns="` + ooxmlParts + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`
	for i := 0; i+1 < len(namesAndTypes); i += 2 {
		out += `<Override PartName="` + namesAndTypes[i] + `" ContentType="` + ooxmlTypes + namesAndTypes[i+1] + `+xml"/>`
	}
	return out + "</Types>"
}

// spreadsheet writes a workbook of one cell (ISO/IEC 29500-1, 12).
func spreadsheet(b *bytes.Buffer, cell string) {
	const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	zipped(b,
		"[Content_Types].xml", contentTypes("/xl/workbook.xml", "spreadsheetml.sheet.main", "/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"),
		"_rels/.rels", relation("officeDocument", "xl/workbook.xml"),
		"xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml"),
		"xl/workbook.xml", xmlHead+`<workbook xmlns="`+main+`" xmlns:r="`+ooxmlLinks+`"><sheets><sheet name="Sample" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml", xmlHead+`<worksheet xmlns="`+main+`"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>`+html.EscapeString(cell)+`</t></is></c></row></sheetData></worksheet>`,
	)
}

// textDocument writes a text of one paragraph (ISO/IEC 29500-1, 11).
func textDocument(b *bytes.Buffer, line string) {
	zipped(b,
		"[Content_Types].xml", contentTypes("/word/document.xml", "wordprocessingml.document.main"),
		"_rels/.rels", relation("officeDocument", "word/document.xml"),
		"word/document.xml", xmlHead+`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>`+
			html.EscapeString(line)+`</w:t></w:r></w:p></w:body></w:document>`,
	)
}

// book writes an EPUB of one page (EPUB 3.3).
func book(b *bytes.Buffer, line string) {
	const page = xmlHead + `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Sample</title></head><body>`
	zipped(b,
		"mimetype", "application/epub+zip",
		"META-INF/container.xml", xmlHead+`<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>`+
			`<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
		"book.opf", xmlHead+`<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">`+
			`<dc:identifier id="id">urn:sample</dc:identifier><dc:title>Sample</dc:title><dc:language>en</dc:language><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata>`+
			`<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/><item id="p" href="p.xhtml" media-type="application/xhtml+xml"/></manifest>`+
			`<spine><itemref idref="p"/></spine></package>`,
		"nav.xhtml", page+`<nav epub:type="toc"><ol><li><a href="p.xhtml">Sample</a></li></ol></nav></body></html>`,
		"p.xhtml", page+`<p>`+html.EscapeString(line)+`</p></body></html>`,
	)
}
