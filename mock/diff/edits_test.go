package diff_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestOneEditIsOneRow makes one edit a case.
func TestOneEditIsOneRow(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		row      string
		place    string // what stands there in the new document, "" if it has none
	}{
		"operation removed": {
			"    delete:\n      operationId: dropItem\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses:\n        \"204\": {description: Gone.}\n", "",
			"breaking api-removed-without-deprecation | removed the operation, which had not been deprecated |  | dropItem# gone", "",
		},
		"operation added": {
			"components:\n", "  /new:\n    get: {operationId: brandNew, responses: {\"200\": {description: x}}}\ncomponents:\n",
			"info endpoint-added | added the operation |  | brandNew#", "{operationId: brandNew",
		},
		"operation deprecated": {
			"operationId: dropItem\n", "operationId: dropItem\n      deprecated: true\n",
			"info endpoint-deprecated | deprecated the operation |  | dropItem#", "operationId: dropItem",
		},
		"operation renamed": {
			"operationId: dropItem\n", "operationId: removeItem\n",
			"info api-operation-id-removed | renamed the operation from `dropItem` to `removeItem` |  | removeItem#", "operationId: removeItem",
		},
		"required parameter added": {
			"parameters:\n        - {name: limit", "parameters:\n        - {name: q, in: query, required: true, schema: {type: string}}\n        - {name: limit",
			"breaking new-required-request-parameter | added the new required `query` request parameter `q` |  | listItems#in.query.q", "{name: q",
		},
		"parameter removed": {
			"        - {name: limit, in: query, description: How many., schema: {type: integer, maximum: 100}}\n", "",
			"warning request-parameter-removed | deleted the `query` request parameter `limit` |  | listItems#", "operationId: listItems",
		},
		"parameter narrowed": {
			"maximum: 100", "maximum: 50",
			"breaking request-parameter-max-decreased | for the `query` request parameter `limit`, the max was decreased from `100` to `50` |  | listItems#in.query.limit", "{name: limit",
		},
		"shared parameter narrowed": {
			"maxLength: 10", "maxLength: 5",
			"breaking request-parameter-max-length-decreased | for the `header` request parameter `X-Trace`, the maxLength was decreased from `10` to `5` |  | listItems#in.header.X-Trace addItem#in.header.X-Trace", "{name: X-Trace",
		},
		"parameter's type": {
			"name: limit, in: query, description: How many., schema: {type: integer,", "name: limit, in: query, description: How many., schema: {type: boolean,",
			"breaking request-parameter-type-changed | for the `query` request parameter `limit`, the `type` was changed from `integer` to `boolean` |  | listItems#in.query.limit", "{name: limit",
		},
		"response enum gains a value": {
			"enum: [new, sold]", "enum: [new, sold, lent]",
			"warning response-property-enum-value-added | added the new `lent` enum value to the `Item.state` response property for the response status `200`, `201` | Item | listItems#200.state addItem#201.state getItem#200.state", "{type: string, enum",
		},
		"enum loses a value": {
			"enum: [new, sold]", "enum: [new]",
			"breaking request-property-enum-value-removed | removed the enum value `sold` of the request property `Item.state` | Item | listItems#200.state addItem#body.state getItem#200.state", "{type: string, enum",
		},
		"nested property removed": {
			", value: {type: string}", "",
			"warning request-property-removed | removed the request property `Tag.value` | Tag | listItems#200.tags addItem#body.tags getItem#200.tags", "{type: object, properties: {key",
		},
		"property added": {
			"        size: {type: integer}\n", "        size: {type: integer}\n        colour: {type: string}\n",
			"info response-optional-property-added | added the optional property `Item.colour` to the response with the `200`, `201` status | Item | listItems#200.colour addItem#body.colour getItem#200.colour", "{type: string}",
		},
		"property became required": {
			"required: [name]", "required: [name, size]",
			"breaking request-property-became-required | the request property `Item.size` became required | Item | listItems#200.size addItem#body.size getItem#200.size", "{type: integer}",
		},
		"property's type": {
			"size: {type: integer}", "size: {type: string}",
			"breaking response-property-type-changed | the `Item.size` response's property `type` changed from `integer` to `string` for status `200`, `201` | Item | listItems#200.size addItem#body.size getItem#200.size", "{type: string}",
		},
		"property's bound": {
			"name: {type: string, maxLength: 20}", "name: {type: string, maxLength: 9}",
			"breaking request-property-max-length-decreased | the `Item.name` request property's maxLength was decreased to `9` | Item | listItems#200.name addItem#body.name getItem#200.name", "{type: string, maxLength: 9",
		},
		"values of a map": {
			"{type: string, maxLength: 5}", "{type: string, maxLength: 4}",
			"breaking request-property-max-length-decreased | the `Item.extra.{}` request property's maxLength was decreased to `4` | Item | listItems#200.extra.{} addItem#body.extra.{} getItem#200.extra.{}", "{type: string, maxLength: 4",
		},
		"named alternative": {
			"born: {type: string}", "born: {type: string, maxLength: 4}",
			"breaking request-property-max-length-set | the `Person.born` request property's maxLength was set to `4` | Person | listItems#200.maker.(Person).born addItem#body.maker.(Person).born getItem#200.maker.(Person).born", "{type: string, maxLength: 4",
		},
		"titled alternative": {
			"vat: {type: string}", "vat: {type: string, maxLength: 4}",
			"breaking request-property-max-length-set | the `Item.maker.vat` request property's maxLength was set to `4` | Item | listItems#200.maker.(Firm).vat addItem#body.maker.(Firm).vat getItem#200.maker.(Firm).vat", "{type: string, maxLength: 4",
		},
		"status removed": {
			"        \"409\": {description: There is one.}\n", "",
			"info response-non-success-status-removed | removed the non-success response with the status `409` |  | addItem#", "operationId: addItem",
		},
		"status added": {
			"        \"204\": {description: Gone.}\n", "        \"204\": {description: Gone.}\n        \"404\": {description: None.}\n",
			"info response-non-success-status-added | added the non-success response with the status `404` |  | dropItem#404", "{description: None",
		},
		"media type removed": {
			"            application/xml: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}\n", "",
			"breaking response-media-type-removed | removed the media type `application/xml` for the response with the status `200` |  | listItems#200", "description: Items",
		},
		"header removed": {
			"          headers: {X-Total: {schema: {type: integer}}}\n", "",
			"info optional-response-header-removed | the optional response header `X-Total` removed for the status `200` |  | listItems#200", "description: Items",
		},
		"body became required": {
			"      requestBody:\n", "      requestBody:\n        required: true\n",
			"breaking request-body-became-required | request body became required |  | addItem#body", "required: true",
		},
		"security added": {
			"operationId: dropItem\n", "operationId: dropItem\n      security: [{key: []}]\n",
			"breaking api-security-anonymous-access-removed | ", "operationId: dropItem",
		},
		"security scheme": {
			"key: {type: apiKey, in: header", "key: {type: apiKey, in: query",
			"breaking api-security-component-api-key-in-changed | ", "",
		},
		"summary": {
			"summary: List items.", "summary: List `all` items.",
			"info summary-changed | changed the summary from `List items.` to `List 'all' items.` |  | listItems#", "summary:",
		},
		"description": {
			"description: All of them.", "description: All, or fewer.",
			"info description-changed | changed the description |  | listItems#", "description:",
		},
		"first summary": {"operationId: addItem\n", "operationId: addItem\n      summary: Add one.\n", "", ""},
		"white space":   {"description: All of them.", "description: \"All  of\\nthem.\"", "", ""},
		"parameter's description": {
			"description: How many.", "description: How many at most.",
			"info description-changed | changed the description of the `query` request parameter `limit` |  | listItems#in.query.limit", "description: How",
		},
		"shared parameter's description": {
			"description: Tracing.", "description: Trace.",
			"info description-changed | changed the description of the `header` request parameter `X-Trace` |  | listItems#in.header.X-Trace addItem#in.header.X-Trace", "description: Trace",
		},
		"example":      {"size: {type: integer}", "size: {type: integer, example: 3}", "", ""},
		"path renamed": {"/items/{id}:\n    get:\n      operationId: getItem\n      parameters: [{name: id,", "/items/{item}:\n    get:\n      operationId: getItem\n      parameters: [{name: item,", "*", ""},
	} {
		t.Run(name, func(t *testing.T) {
			new := edited(t, c.old, c.new)
			if c.row == "*" {
				new = strings.Replace(new, "dropItem\n      parameters: [{name: id,", "dropItem\n      parameters: [{name: item,", 1)
				c.row = ""
			}
			r := compare(t, shop, new)
			got := brief(r.Rows)
			if c.row == "" {
				if len(got) != 0 {
					t.Errorf("got %q, want no rows", got)
				}
				return
			}
			if len(got) != 1 || !strings.HasPrefix(got[0], c.row) {
				t.Fatalf("got  %s\nwant %s", strings.Join(got, "\n     "), c.row)
			}
			if got := textAt(t, new, r.Rows[0].Place); !strings.HasPrefix(got, c.place) || (c.place == "") != (got == "") {
				t.Errorf("%s is at %.40q, want %q", r.Rows[0].Place, got, c.place)
			}
		})
	}
}

// textAt is the rest of the line at a place.
func textAt(t *testing.T, text, place string) string {
	t.Helper()
	if place == "" {
		return ""
	}
	var line, col int
	if _, err := fmt.Sscanf(strings.TrimPrefix(place, "new.yaml:"), "%d:%d", &line, &col); err != nil {
		t.Fatalf("place %q: %v", place, err)
	}
	return strings.Split(text, "\n")[line-1][col-1:]
}
