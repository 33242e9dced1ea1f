package mock_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/contract"
)

const fragments = `openapi: 3.0.3
info: {title: Fragments, version: "1"}
paths:
  /token:
    post:
      operationId: ask
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [grant], properties: {grant: {type: string}}}}}}
      responses: {'200': {description: Here.}}
  /token#refresh:
    post:
      operationId: refresh
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [grant], properties: {grant: {enum: [again]}}}}}}
      responses: {'200': {description: Here.}}
  /token#forget:
    post:
      operationId: forget
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [grant], properties: {grant: {enum: [7]}}}}}}
      responses: {'200': {description: Gone.}}
`

// TestRequestsBesideAFragment: an operation whose template has a fragment is sent to the path, where whoever takes it must take the request.
func TestRequestsBesideAFragment(t *testing.T) {
	c, err := contract.Parse(context.Background(), "fragments.yaml", []byte(fragments))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	failed, err := mock.WriteRequests(context.Background(), &b, c, "http", "http://localhost", 1)
	if err != nil || !slices.Equal(failed, []string{"forget"}) {
		t.Errorf("%q left out: %v", failed, err)
	}
	if text := b.String(); !strings.Contains(text, `"again"`) || strings.Contains(text, "#refresh ") || strings.Count(text, "POST {{BASE_URL}}/token\n") != 2 {
		t.Error(text)
	}
}
