package mock_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing/fstest"

	"standin/mock"
	"standin/mock/contract"
)

// book is a document with one operation.
const book = `openapi: 3.1.0
info: {title: Books, version: "1"}
paths:
  /books/{isbn}:
    get:
      operationId: getBook
      parameters: [{name: isbn, in: path, required: true, schema: {type: string, pattern: '^[0-9]{13}$'}}]
      responses:
        "200":
          description: The book.
          content:
            application/json:
              schema: {type: object, required: [title], properties: {title: {type: string, minLength: 1}}}
              example: {title: Middlemarch}
`

// show prints how h answers a GET, and by what right.
func show(h http.Handler, path string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	fmt.Println(w.Code, w.Header().Get("Mock-Source"), w.Body)
}

func serve(options ...mock.Option) *mock.Server {
	c, err := contract.Parse(context.Background(), "books.yaml", []byte(book))
	if err != nil {
		panic(err)
	}
	s, err := mock.New(c, options...)
	if err != nil {
		panic(err)
	}
	return s
}

func ExampleNew() {
	c, err := contract.Parse(context.Background(), "books.yaml", []byte(book))
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := mock.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(server, "/books/9780141439549")
	// Output: 200 example;name="default" {"title":"Middlemarch"}
}

func ExampleFixtures() {
	files := fstest.MapFS{"emma.yaml": {Data: []byte(
		"operation: getBook\nname: emma\nwhen: {path: {isbn: 9780141439587}}\nrespond: {body: {title: Emma}}\n")}}
	server := serve(mock.Fixtures(files))
	show(server, "/books/9780141439587")
	show(server, "/books/9780141439549")
	// Output:
	// 200 fixture;name="emma" {"title":"Emma"}
	// 200 example;name="default" {"title":"Middlemarch"}
}

func ExampleWithHandler() {
	server := serve(mock.WithHandler("getBook", func(_ context.Context, call *mock.Call) (mock.Answer, error) {
		return mock.Answer{Body: fmt.Appendf(nil, `{"title":"Book %v"}`, call.Values.Path["isbn"])}, nil
	}))
	show(server, "/books/9780141439549")
	// Output: 200 handler {"title":"Book 9780141439549"}
}

func ExampleServer_Stub() {
	server := serve()
	remove, err := server.Stub(context.Background(), mock.Stub{Operation: "getBook", Body: map[string]any{"title": "Persuasion"}, Times: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer remove()
	show(server, "/books/9780141439549")
	show(server, "/books/9780141439549")
	// Output:
	// 200 stub {"title":"Persuasion"}
	// 200 example;name="default" {"title":"Middlemarch"}
}

// A document with new errors is refused, and the old one stays in service.
func ExampleServer_Swap() {
	server := serve()
	broken, err := contract.Parse(context.Background(), "books.yaml", []byte(book+"              examples: {short: {value: {title: ''}}}\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(server.Swap(context.Background(), broken, nil))
	show(server, "/books/9780141439549")
	// Output:
	// new errors: 1, the first: books.yaml:15:49: error: the example "short" breaks its schema: at /title: must be at least 1 character long, is 0 (example)
	// 200 example;name="default" {"title":"Middlemarch"}
}

func ExampleCheck() {
	c, err := contract.Parse(context.Background(), "books.yaml", []byte(book))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(mock.Check(context.Background(), c, nil)), "findings")
	// Output: 0 findings
}
