package contract_test

import "testing"

func TestPathParameters(t *testing.T) {
	const scalar, list = "schema: {type: string}", "schema: {type: array, items: {type: integer}}"
	const object = "schema: {type: object, properties: {x: {type: integer}, y: {type: integer}}}"
	in := func(spec string) string { return parameter("name: p, in: path, required: true, " + spec) }
	checkAll(t, []wire{
		{name: "simple scalar", path: "/a/{p}", has: in("schema: {type: integer}"), ask: "GET /a/7", value: `{"p":7}`},
		{name: "simple scalar of another type", path: "/a/{p}", has: in("schema: {type: integer}"), ask: "GET /a/x", broken: "path p type"},
		{name: "simple list", path: "/a/{p}", has: in(list), ask: "GET /a/1,2", value: `{"p":[1,2]}`},
		{name: "simple list exploded", path: "/a/{p}", has: in("explode: true, " + list), ask: "GET /a/1,2", value: `{"p":[1,2]}`},
		{name: "simple list with a wrong item", path: "/a/{p}", has: in(list), ask: "GET /a/1,x", broken: "path p /1 type"},
		{name: "simple object", path: "/a/{p}", has: in(object), ask: "GET /a/x,1,y,2", value: `{"p":{"x":1,"y":2}}`},
		{name: "simple object exploded", path: "/a/{p}", has: in("explode: true, " + object), ask: "GET /a/x=1,y=2", value: `{"p":{"x":1,"y":2}}`},
		{name: "simple object of odd parts", path: "/a/{p}", has: in(object), ask: "GET /a/x,1,y", broken: "path p style"},
		{name: "label scalar", path: "/a/{p}", has: in("style: label, " + scalar), ask: "GET /a/.b", value: `{"p":"b"}`},
		{name: "label list", path: "/a/{p}", has: in("style: label, " + list), ask: "GET /a/.1,2", value: `{"p":[1,2]}`},
		{name: "label list exploded", path: "/a/{p}", has: in("style: label, explode: true, " + list), ask: "GET /a/.1.2", value: `{"p":[1,2]}`},
		{name: "label object exploded", path: "/a/{p}", has: in("style: label, explode: true, " + object), ask: "GET /a/.x=1.y=2", value: `{"p":{"x":1,"y":2}}`},
		{name: "label without its dot", path: "/a/{p}", has: in("style: label, " + scalar), ask: "GET /a/b", broken: "path p style"},
		{name: "matrix scalar", path: "/a/{p}", has: in("style: matrix, " + scalar), ask: "GET /a/;p=b", value: `{"p":"b"}`},
		{name: "matrix list", path: "/a/{p}", has: in("style: matrix, " + list), ask: "GET /a/;p=1,2", value: `{"p":[1,2]}`},
		{name: "matrix list exploded", path: "/a/{p}", has: in("style: matrix, explode: true, " + list), ask: "GET /a/;p=1;p=2", value: `{"p":[1,2]}`},
		{name: "matrix object", path: "/a/{p}", has: in("style: matrix, " + object), ask: "GET /a/;p=x,1,y,2", value: `{"p":{"x":1,"y":2}}`},
		{name: "matrix object exploded", path: "/a/{p}", has: in("style: matrix, explode: true, " + object), ask: "GET /a/;x=1;y=2", value: `{"p":{"x":1,"y":2}}`},
		{name: "escaped slash", path: "/a/{p}", has: in("schema: {type: string, pattern: '^a/b$'}"), ask: "GET /a/a%2Fb", value: `{"p":"a/b"}`},
		{name: "escaped comma of a scalar", path: "/a/{p}", has: in("schema: {type: string, maxLength: 3}"), ask: "GET /a/a%2Cb", value: `{"p":"a,b"}`},
		{name: "escaped comma of a list", path: "/a/{p}", has: in("schema: {type: array, items: {type: string}}"), ask: "GET /a/a%2Cb,c", value: `{"p":["a,b","c"]}`},
		{name: "plus sign", path: "/a/{p}", has: in(scalar), ask: "GET /a/a+b%20c", value: `{"p":"a+b c"}`},
		{name: "bytes that are no text", path: "/a/{p}", has: in(scalar), ask: "GET /a/%ff", broken: "path p encoding"},
		{name: "content", path: "/a/{p}", has: in("content: {application/json: {schema: {type: object, required: [x]}}}"), ask: "GET /a/%7B%22x%22:1%7D", value: `{"p":{"x":1}}`},
		{name: "two in one segment", path: "/a/{p}..{q}.json", has: "parameters: [{name: p, in: path, required: true, schema: {type: integer}}, {name: q, in: path, required: true, schema: {type: integer}}]",
			ask: "GET /a/1..2.json", value: `{"p":1,"q":2}`},
	})
}

func TestQueryParameters(t *testing.T) {
	const list, words = "schema: {type: array, items: {type: integer}}", "schema: {type: array, items: {type: string}}"
	const object = "schema: {type: object, properties: {x: {type: integer}, y: {type: integer}}}"
	in := func(spec string) string { return parameter("name: p, in: query, " + spec) }
	checkAll(t, []wire{
		{name: "form list", has: in(list), ask: "GET /a?p=1&p=2", value: `{"p":[1,2]}`},
		{name: "form list of one", has: in(list), ask: "GET /a?p=1", value: `{"p":[1]}`},
		{name: "form list in one", has: in("explode: false, " + list), ask: "GET /a?p=1,2", value: `{"p":[1,2]}`},
		{name: "form list in one, repeated", has: in("explode: false, " + list), ask: "GET /a?p=1,2&p=3", value: `{"p":[1,2,3]}`},
		{name: "form list is not split", has: in(words), ask: "GET /a?p=a,b", value: `{"p":["a,b"]}`},
		{name: "form object", has: in(object), ask: "GET /a?x=1&y=2", value: `{"p":{"x":1,"y":2}}`},
		{name: "form object in one", has: in("explode: false, " + object), ask: "GET /a?p=x,1,y,2", value: `{"p":{"x":1,"y":2}}`},
		{name: "spaces as %20", has: in("style: spaceDelimited, explode: false, " + list), ask: "GET /a?p=1%202", value: `{"p":[1,2]}`},
		{name: "spaces as +", has: in("style: spaceDelimited, explode: false, " + list), ask: "GET /a?p=1+2", value: `{"p":[1,2]}`},
		{name: "pipes", has: in("style: pipeDelimited, explode: false, " + list), ask: "GET /a?p=1|2", value: `{"p":[1,2]}`},
		{name: "pipes as %7C", has: in("style: pipeDelimited, explode: false, " + list), ask: "GET /a?p=1%7C2", value: `{"p":[1,2]}`},
		{name: "pipes in an object", has: in("style: pipeDelimited, explode: false, " + object), ask: "GET /a?p=x|1|y|2", value: `{"p":{"x":1,"y":2}}`},
		{name: "escaped comma", has: in("explode: false, " + words), ask: "GET /a?p=a%2Cb", value: `{"p":["a,b"]}`},
		{name: "escaped comma among others", has: in("explode: false, schema: {type: array, maxItems: 2, items: {type: string}}"), ask: "GET /a?p=a%2Cb,c", value: `{"p":["a,b","c"]}`},
		{name: "JSON", has: in("content: {application/json: {schema: {type: object, required: [x]}}}"), ask: "GET /a?p=%7B%22x%22:1%7D", value: `{"p":{"x":1}}`},
		{name: "JSON that breaks its schema", has: in("content: {application/json: {schema: {type: object, required: [x]}}}"), ask: "GET /a?p=%7B%7D", broken: "query p required"},
		{name: "JSON that is none", has: in("content: {application/json: {schema: {}}}"), ask: "GET /a?p=%7B", broken: "query p content"},
		{name: "reserved characters", has: in("allowReserved: true, schema: {type: string}"), ask: "GET /a?p=a/b:c;d@e", value: `{"p":"a/b:c;d@e"}`},
		{name: "a semicolon ends nothing", has: in("schema: {type: string}"), ask: "GET /a?p=a;q=b", value: `{"p":"a;q=b"}`},
		{name: "objects in a list, as JSON", has: in("schema: {type: array, items: {type: object, required: [x]}}"), ask: "GET /a?p=%7B%22x%22:1%7D&p=%7B%22x%22:2%7D", value: `{"p":[{"x":1},{"x":2}]}`},
		{name: "a wrong object in a list, as JSON", has: in("schema: {type: array, items: {type: object, required: [x]}}"), ask: "GET /a?p=%7B%7D", broken: "query p /0 required"},
		{name: "an exploded object and what it leaves", ask: "GET /a?x=1&z=2&y=3", value: `{"rest":{"z":2},"some":{"x":1},"y":3}`,
			has: "parameters: [{name: rest, in: query, schema: {type: object, additionalProperties: {type: integer}}}, {name: some, in: query, schema: {type: object, properties: {x: {type: integer}}}}, {name: y, in: query, schema: {type: integer}}]"},
		{name: "anyOf scalars", has: in("schema: {anyOf: [{type: integer}, {type: boolean}]}"), ask: "GET /a?p=true", value: `{"p":true}`},
		{name: "none of anyOf", has: in("schema: {anyOf: [{type: integer}, {type: boolean}]}"), ask: "GET /a?p=maybe", broken: "query p anyOf"},
		{name: "oneOf scalars", has: in("schema: {oneOf: [{type: integer, maximum: 9}, {type: integer, minimum: 100}]}"), ask: "GET /a?p=100", value: `{"p":100}`},
		{name: "oneOf text or number", has: in("schema: {oneOf: [{type: string, enum: [auto]}, {type: integer}]}"), ask: "GET /a?p=auto", value: `{"p":"auto"}`},
		{name: "largest int64", has: in("schema: {type: integer, format: int64, maximum: 9223372036854775807}"), ask: "GET /a?p=9223372036854775807", value: `{"p":9223372036854775807}`},
		{name: "beyond int64", has: in("schema: {type: integer, maximum: 9223372036854775807}"), ask: "GET /a?p=9223372036854775808", broken: "query p maximum"},
		{name: "a scalar twice", has: in("schema: {type: string}"), ask: "GET /a?p=a&p=b", broken: "query p duplicate"},
		{name: "unknown", has: in("schema: {type: string}"), ask: "GET /a?q=1"},
		{name: "unknown, strictly", has: in("schema: {type: string}"), ask: "GET /a?q=1", strict: true, broken: "query q undeclared"},
		{name: "in the path template, strictly", path: "/a?beta=1", ask: "GET /a?beta=1&x=1", strict: true, broken: "query x undeclared"},
		{name: "missing", has: in("required: true, schema: {type: string}"), ask: "GET /a", broken: "query p required"},
		{name: "default", has: in("schema: {type: integer, default: 20}"), ask: "GET /a", value: `{"p":20}`},
		{name: "empty text", has: in("required: true, schema: {type: string}"), ask: "GET /a?p=", value: `{"p":""}`},
		{name: "empty number", has: in("schema: {type: integer}"), ask: "GET /a?p=", broken: "query p type"},
		{name: "empty number that may be", has: in("allowEmptyValue: true, schema: {type: integer}"), ask: "GET /a?p=", value: `{"p":""}`},
		{name: "a name alone that may be", has: in("allowEmptyValue: true, schema: {type: boolean}"), ask: "GET /a?p", value: `{"p":""}`},
		{name: "empty list", has: in("explode: false, " + list), ask: "GET /a?p=", value: `{"p":[]}`},
		{name: "escaped name", has: parameter("name: 'p[]', in: query, " + list), ask: "GET /a?p%5B%5D=1&p[]=2", value: `{"p[]":[1,2]}`},
		{name: "plus is a space", has: in("schema: {type: string}"), ask: "GET /a?p=a+b%2Bc", value: `{"p":"a b+c"}`},
		{name: "broken escape", has: in("schema: {type: string}"), ask: "GET /a?p=100%", broken: "query p encoding"},
		{name: "broken escape in an unknown name", has: in("schema: {type: string}"), ask: "GET /a?%zz=1", broken: "query encoding"},
		{name: "date", has: in("schema: {type: string, format: date}"), ask: "GET /a?p=2024-02-30", broken: "query p format"},
		{name: "number written with an exponent", has: in("schema: {type: integer}"), ask: "GET /a?p=1e2", value: `{"p":1e2}`},
		{name: "null in a list of types", has: in("schema: {type: [integer, 'null']}"), ask: "GET /a?p=null", value: `{"p":null}`},
		{name: "csv of 2.0", version: "3.0.3", has: in("style: form, explode: false, " + words), ask: "GET /a?p=a,b", value: `{"p":["a","b"]}`},
	})
}

func TestDeepObjects(t *testing.T) {
	in := func(schema string) string {
		return parameter("name: q, in: query, style: deepObject, explode: true, schema: {" + schema + "}")
	}
	const lists = "type: object, properties: {l: {type: array, items: {type: integer}}}"
	checkAll(t, []wire{
		{name: "members", has: in("type: object, properties: {x: {type: integer}, y: {type: string}}"), ask: "GET /a?q[x]=1&q[y]=2", value: `{"q":{"x":1,"y":"2"}}`},
		{name: "escaped brackets", has: in("type: object, properties: {x: {type: integer}}"), ask: "GET /a?q%5Bx%5D=1", value: `{"q":{"x":1}}`},
		{name: "nested", has: in("type: object, properties: {x: {type: object, properties: {y: {type: integer}}}}"), ask: "GET /a?q[x][y]=1", value: `{"q":{"x":{"y":1}}}`},
		{name: "wrong member", has: in("type: object, properties: {x: {type: object, properties: {y: {type: integer}}}}"), ask: "GET /a?q[x][y]=z", broken: "query q /x/y type"},
		{name: "list by index", has: in(lists), ask: "GET /a?q[l][0]=1&q[l][1]=2", value: `{"q":{"l":[1,2]}}`},
		{name: "list by repetition", has: in(lists), ask: "GET /a?q[l]=1&q[l]=2", value: `{"q":{"l":[1,2]}}`},
		{name: "list by brackets", has: in(lists), ask: "GET /a?q[l][]=1&q[l][]=2", value: `{"q":{"l":[1,2]}}`},
		{name: "objects in a list", has: in("type: object, properties: {l: {type: array, items: {type: object, properties: {x: {type: integer}}}}}"), ask: "GET /a?q[l][0][x]=1&q[l][1][x]=2", value: `{"q":{"l":[{"x":1},{"x":2}]}}`},
		{name: "JSON in a member", has: in("type: object, properties: {x: {type: object, properties: {y: {type: integer}}}}"), ask: "GET /a?q[x]=%7B%22y%22:1%7D", value: `{"q":{"x":{"y":1}}}`},
		{name: "beside an exploded object with a member of that name", ask: "GET /a?q[x]=1&q=up", value: `{"q":{"x":1},"sort":{"q":"up"}}`,
			has: "parameters: [{name: q, in: query, style: deepObject, schema: {type: object, properties: {x: {type: integer}}}}, {name: sort, in: query, schema: {allOf: [{type: object, properties: {q: {enum: [up, down]}}}]}}]"},
		{name: "whole and in parts", has: in("type: object, properties: {x: {type: integer}}"), ask: "GET /a?q[x]=1&q=up", broken: "query q style"},
		{name: "other names", has: in("type: object, additionalProperties: {type: integer}"), ask: "GET /a?q[x]=1", value: `{"q":{"x":1}}`},
		{name: "other names of another type", has: in("type: object, additionalProperties: {type: integer}"), ask: "GET /a?q[x]=z", broken: "query q /x type"},
		{name: "no other names", has: in("type: object, properties: {x: {}}, additionalProperties: false"), ask: "GET /a?q[z]=1", broken: "query q additionalProperties"},
		{name: "missing member", has: in("type: object, required: [x]"), ask: "GET /a?q[z]=1", broken: "query q required"},
		{name: "explode left out", has: parameter("name: q, in: query, style: deepObject, schema: {type: object, properties: {x: {type: integer}}}"), ask: "GET /a?q[x]=1", value: `{"q":{"x":1}}`},
	})
}

func TestHeadersAndCookies(t *testing.T) {
	const list = "schema: {type: array, items: {type: integer}}"
	const object = "schema: {type: object, properties: {x: {type: integer}, y: {type: integer}}}"
	header := func(spec string) string { return parameter("name: X-P, in: header, " + spec) }
	cookie := func(spec string) string { return parameter("name: p, in: cookie, " + spec) }
	checkAll(t, []wire{
		{name: "number", has: header("schema: {type: integer}"), ask: "GET /a\nX-P: 7", value: `{"X-P":7}`},
		{name: "wrong number", has: header("schema: {type: integer}"), ask: "GET /a\nX-P: x", broken: "header X-P type"},
		{name: "name in lower case", has: parameter("name: x-p, in: header, required: true, schema: {type: integer}"), ask: "GET /a\nX-P: 7", value: `{"x-p":7}`},
		{name: "missing", has: header("required: true, schema: {type: integer}"), ask: "GET /a", broken: "header X-P required"},
		{name: "list", has: header(list), ask: "GET /a\nX-P: 1, 2", value: `{"X-P":[1,2]}`},
		{name: "list in two lines", has: header(list), ask: "GET /a\nX-P: 1\nX-P: 2", value: `{"X-P":[1,2]}`},
		{name: "object", has: header(object), ask: "GET /a\nX-P: x,1,y,2", value: `{"X-P":{"x":1,"y":2}}`},
		{name: "object exploded", has: header("explode: true, " + object), ask: "GET /a\nX-P: x=1,y=2", value: `{"X-P":{"x":1,"y":2}}`},
		{name: "percent signs are text", has: header("schema: {type: string}"), ask: "GET /a\nX-P: 100%25", value: `{"X-P":"100%25"}`},
		{name: "JSON", has: header("content: {application/json: {schema: {type: object}}}"), ask: "GET /a\nX-P: {\"x\": 1}", value: `{"X-P":{"x":1}}`},
		{name: "Accept is not ours", has: parameter("name: Accept, in: header, required: true, schema: {type: integer}"), ask: "GET /a"},
		{name: "nor is Authorization", has: parameter("name: authorization, in: header, required: true, schema: {type: integer}"), ask: "GET /a"},
		{name: "nor is Content-Type", has: parameter("name: content-type, in: header, required: true, schema: {type: integer}"), ask: "GET /a"},
		{name: "cookie", has: cookie("schema: {type: integer}"), ask: "GET /a\nCookie: o=1; p=7; q=2", value: `{"p":7}`},
		{name: "wrong cookie", has: cookie("schema: {type: integer}"), ask: "GET /a\nCookie: p=x", broken: "cookie p type"},
		{name: "missing cookie", has: cookie("required: true, schema: {type: integer}"), ask: "GET /a\nCookie: q=1", broken: "cookie p required"},
		{name: "list in a cookie", has: cookie("explode: false, " + list), ask: "GET /a\nCookie: p=1,2", value: `{"p":[1,2]}`},
		{name: "list in cookies", has: cookie(list), ask: "GET /a\nCookie: p=1; p=2", value: `{"p":[1,2]}`},
		{name: "object in a cookie", has: cookie("explode: false, " + object), ask: "GET /a\nCookie: p=x,1,y,2", value: `{"p":{"x":1,"y":2}}`},
		{name: "object in cookies", has: cookie(object), ask: "GET /a\nCookie: x=1; y=2", value: `{"p":{"x":1,"y":2}}`},
		{name: "a cookie that is no member", has: cookie(object), ask: "GET /a\nCookie: p=x%2C1; z=1", value: `{}`},
		{name: "escaped cookie", has: cookie("schema: {type: string}"), ask: "GET /a\nCookie: p=a%20b", value: `{"p":"a b"}`},
	})
}
