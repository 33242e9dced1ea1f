package diff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/load"

	"standin/mock/contract"
	"standin/mock/internal/source"
)

// Document is one side of a comparison.
type Document struct {
	// Name stands in messages and places, and its ending tells JSON from YAML: "openapi.yaml", "HEAD~1:api/openapi.yaml".
	Name string
	// Text is the document: OpenAPI 2.0, 3.0 or 3.1, JSON or YAML.
	Text []byte
	// Files is the folder that the document lies in, for references to other files; nil if they lead nowhere.
	Files fs.FS
}

// mostFile bounds a file that is referred to, in bytes.
const mostFile = 64 << 20

// base is the document's name within its folder, display what stands in front of that in messages.
func (d Document) base() (base, display string) {
	name := filepath.ToSlash(d.Name)
	base = path.Base(name)
	if !fs.ValidPath(base) || base == "." || strings.HasSuffix(name, "/") {
		return "document", name
	}
	return base, strings.TrimSuffix(name, base)
}

// side is a document as both readers know it: the contract tells of places, the model is what is compared.
type side struct {
	name, base, display string
	text                []byte
	files               fs.FS
	contract            *contract.Contract
	model               *load.SpecInfo
}

// open reads a document with our own reader, which tells line and column of what it cannot read.
func open(ctx context.Context, d Document) (*side, error) {
	s := &side{name: d.Name, text: d.Text}
	s.base, s.display = d.base()
	s.files = folder{name: s.base, text: d.Text, files: d.Files}
	var err error
	if s.contract, err = contract.LoadFS(ctx, s.files, s.base); err != nil {
		return nil, s.explain(err)
	}
	return s, nil
}

// explain names the document in an error, with the place if there is one.
func (s *side) explain(err error) error {
	if fault, ok := errors.AsType[*source.Error](err); ok {
		moved := *fault
		moved.Position.File = s.display + moved.Position.File
		return &moved
	}
	return fmt.Errorf("%s: %w", s.name, err)
}

// place is a position as FILE:LINE:COL, "" for none.
func (s *side) place(p contract.Position) string {
	if p.Line == 0 {
		return ""
	}
	p.File = s.display + p.File
	return p.String()
}

// read decodes the document into the model. Nothing outside its folder is read, and nothing fetched.
func (s *side) read(ctx context.Context) error {
	loader := openapi3.NewLoader()
	loader.Context = ctx
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, u *url.URL) ([]byte, error) { return s.referred(ctx, u) }
	location := &url.URL{Path: s.base}
	var doc *openapi3.T
	var err error
	if s.contract.Info().OpenAPI == "2.0" {
		doc, err = s.convert(loader, location)
	} else {
		doc, err = loader.LoadFromDataWithPath(s.json(), location)
	}
	if err != nil {
		return s.unreadable(ctx, err)
	}
	complete(doc)
	s.model = &load.SpecInfo{Spec: doc, Url: s.name, Version: doc.Info.Version}
	return nil
}

// json is the document for the model's decoder, which demands that a version is a string; YAML makes a number of 1.0.
func (s *side) json() []byte {
	root := s.contract.Root()
	info, version := root.Get("info"), root.Get("info").Get("version")
	if version != nil && !version.Is(source.String) {
		amended := append(info.Without("version").Members(), source.NewMember("version", source.NewString(version, version.Text())))
		members := append(root.Without("info").Members(), source.NewMember("info", source.NewObject(info, amended...)))
		root = source.NewObject(root, members...)
	}
	return root.AppendJSON(nil)
}

// pointerIn finds the JSON Pointer of what a decoder stumbled over.
var pointerIn = regexp.MustCompile(` in (/[^\s;]+)`)

// unreadable explains why the model cannot be made of the document: at the place that the decoder tells of, and with what our own
// reader has to say.
func (s *side) unreadable(ctx context.Context, err error) error {
	at := s.name
	if m := pointerIn.FindStringSubmatch(err.Error()); m != nil {
		if n, missing := s.contract.Root().At(m[1]); missing == nil {
			at = s.place(n.Position())
		}
	}
	return &unreadableError{at: at, cause: err, faults: s.faults(ctx)}
}

// unreadableError is why the model cannot be made of a document.
type unreadableError struct {
	at, faults string
	cause      error
}

// decoderTalk is what a decoder says before it comes to the point.
var decoderTalk = regexp.MustCompile(`(?s)^.*construct errors: line \d+: ([^;]*).*$`)

func (e *unreadableError) Error() string {
	return e.at + ": this document cannot be compared: " + decoderTalk.ReplaceAllString(e.cause.Error(), "$1") + e.faults
}

func (e *unreadableError) Unwrap() error { return e.cause }

// mostFaults bounds the faults of a document that an error lists.
const mostFaults = 3

// faults lists what our own reader finds wrong with the document, in the form "; FILE:LINE:COL: MESSAGE".
func (s *side) faults(ctx context.Context) string {
	var b strings.Builder
	n := 0
	for _, d := range s.contract.Wait(ctx) {
		if d.Level == contract.Error && d.Rule != "example" && n < mostFaults {
			n++
			fmt.Fprintf(&b, "; %s: %s", s.place(d.Position), d.Message)
		}
	}
	return b.String()
}

// complete fills in what the comparison takes for granted, though a document may lack it.
func complete(doc *openapi3.T) {
	if doc.Info == nil {
		doc.Info = &openapi3.Info{}
	}
	if doc.Paths == nil {
		doc.Paths = openapi3.NewPaths()
	}
	if doc.Components == nil {
		doc.Components = &openapi3.Components{}
	}
}

// convert reads an OpenAPI 2.0 document as what it would be in 3.0.
func (s *side) convert(loader *openapi3.Loader, location *url.URL) (*openapi3.T, error) {
	var old openapi2.T
	if err := json.Unmarshal(s.json(), &old); err != nil {
		return nil, err
	}
	return openapi2conv.ToV3WithLoader(&old, loader, location)
}

// referred is the text of a file that the document refers to, as JSON.
func (s *side) referred(ctx context.Context, u *url.URL) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if u.Scheme != "" || u.Host != "" {
		return nil, fmt.Errorf("the reference to %s leads to another host, and nothing is fetched", u.Redacted())
	}
	name := path.Clean(u.Path)
	if !fs.ValidPath(name) {
		return nil, fmt.Errorf("the reference to %s leads out of the document's folder", u.Path)
	}
	file, err := s.files.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s", s.display+name)
		}
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, mostFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > mostFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", s.display+name, mostFile)
	}
	node, err := source.Parse(s.display+name, text, source.Limits{})
	if err != nil {
		return nil, err
	}
	return node.AppendJSON(nil), nil
}
