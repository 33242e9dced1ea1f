package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"standin/mock/contract"
	"standin/mock/internal/backend"
)

// shared is the folder of real documents; the test is skipped where there is none.
func shared(t testing.TB) string {
	dir := os.Getenv("STANDIN_SHARED")
	if dir == "" {
		t.Skip("STANDIN_SHARED is not set, so there are no real documents to look at")
	}
	return dir
}

func model(t testing.TB, name string) (*contract.Contract, *backend.Model) {
	t.Helper()
	c, err := contract.Load(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return c, backend.New(c)
}

// kinds are all kinds of roles, in the order of the table.
func kinds() []backend.Kind {
	return []backend.Kind{
		backend.List, backend.Create, backend.Read, backend.Replace, backend.Merge, backend.Delete, backend.Clear,
	}
}

// TestCorpus tells what is understood of each real document. A figure that falls needs a reason.
func TestCorpus(t *testing.T) {
	dir := filepath.Join(shared(t), "corpus")
	for _, want := range []struct {
		file                                                         string
		collections, list, create, read, replace, merge, drop, clear int
	}{
		{"adyen-checkout.json", 3, 1, 3, 2, 0, 1, 1, 0},
		{"box.json", 51, 35, 38, 43, 22, 8, 35, 0},
		{"digitalocean.json", 44, 43, 36, 44, 19, 4, 32, 2},
		{"discord.json", 38, 29, 19, 36, 8, 29, 30, 1},
		{"discriminators.json", 0, 0, 0, 0, 0, 0, 0, 0},
		{"figma.yaml", 3, 4, 2, 1, 1, 0, 3, 0},
		{"file-uploads.yaml", 0, 0, 0, 0, 0, 0, 0, 0},
		{"google-container.json", 4, 3, 2, 4, 2, 0, 3, 0},
		{"kubernetes-v2.json", 147, 121, 73, 193, 121, 119, 73, 71},
		{"lob.yml", 23, 20, 23, 21, 0, 11, 16, 0},
		{"museum.yaml", 1, 1, 1, 1, 0, 1, 1, 0},
		{"netlify-v2.yml", 29, 24, 23, 26, 10, 3, 22, 1},
		{"openai.yaml", 47, 42, 40, 46, 0, 21, 39, 0},
		{"parameters-style.json", 0, 0, 0, 0, 0, 0, 0, 0},
		{"petstore3.yaml", 3, 2, 4, 3, 2, 1, 3, 0},
		{"schema-circular.json", 0, 0, 0, 0, 0, 0, 0, 0},
		{"tictactoe.yaml", 0, 0, 0, 0, 0, 0, 0, 0},
		{"twilio-messaging.yaml", 10, 10, 10, 10, 0, 3, 8, 0},
		{"uspto.yaml", 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		t.Run(want.file, func(t *testing.T) {
			c, m := model(t, filepath.Join(dir, want.file))
			found := map[backend.Kind]int{}
			for _, op := range c.Operations() {
				if r := m.Role(op); r != nil {
					found[r.Kind]++
				}
			}
			figures := []int{want.list, want.create, want.read, want.replace, want.merge, want.drop, want.clear}
			for i, kind := range kinds() {
				if found[kind] != figures[i] {
					t.Errorf("%s: %d, want %d", kind, found[kind], figures[i])
				}
			}
			if n := len(m.Collections()); n != want.collections {
				t.Errorf("%d collections, want %d", n, want.collections)
			}
		})
	}
}

// TestRoles holds roles that were judged by reading the documents.
func TestRoles(t *testing.T) {
	dir := filepath.Join(shared(t), "corpus")
	for _, c := range []struct{ file, operation, want string }{
		{"petstore3.yaml", "PUT /pet", "replace /pet"},
		{"petstore3.yaml", "GET /pet/findByStatus", "list /pet"},
		{"petstore3.yaml", "GET /pet/findByTags", "list /pet"},
		{"petstore3.yaml", "POST /pet/{petId}", "merge /pet"},
		{"petstore3.yaml", "POST /pet/{petId}/uploadImage", ""},
		{"petstore3.yaml", "GET /store/inventory", ""},
		{"petstore3.yaml", "POST /user/createWithList", "create /user"},
		{"petstore3.yaml", "GET /user/login", ""},
		{"museum.yaml", "GET /museum-hours", ""},
		{"museum.yaml", "PATCH /special-events/{eventId}", "merge /special-events"},
		{"twilio-messaging.yaml", "GET /v1/Services/{ServiceSid}/PhoneNumbers", "list /v1/Services/{ServiceSid}/PhoneNumbers"},
		{"twilio-messaging.yaml", "POST /v1/Services/{Sid}", "merge /v1/Services"},
		{"digitalocean.json", "GET /v2/droplets/{droplet_id}", "read /v2/droplets"},
		{"digitalocean.json", "GET /v2/account", ""},
		{"digitalocean.json", "POST /v2/droplets/{droplet_id}/actions", "create /v2/droplets/{droplet_id}/actions"},
		{"kubernetes-v2.json", "GET /api/v1/namespaces/{namespace}/pods", "list /api/v1/namespaces/{namespace}/pods"},
		{"kubernetes-v2.json", "DELETE /api/v1/namespaces/{namespace}/pods", "clear /api/v1/namespaces/{namespace}/pods"},
		{"kubernetes-v2.json", "GET /api/v1/pods", "list /api/v1/namespaces/{namespace}/pods"},
		{"kubernetes-v2.json", "GET /api/v1/namespaces/{namespace}/pods/{name}/log", ""},
		{"kubernetes-v2.json", "PUT /api/v1/namespaces/{namespace}/pods/{name}/status", "replace /api/v1/namespaces/{namespace}/pods"},
		{"kubernetes-v2.json", "PUT /api/v1/namespaces/{name}/finalize", "replace /api/v1/namespaces"},
		{"kubernetes-v2.json", "PATCH /api/v1/namespaces/{namespace}/replicationcontrollers/{name}/scale", "merge /api/v1/namespaces/{namespace}/replicationcontrollers/{name}/scale"},
		{"digitalocean.json", "GET /v2/databases/{database_cluster_uuid}/config", "read /v2/databases/{database_cluster_uuid}/config"},
		{"digitalocean.json", "PUT /v2/databases/{database_cluster_uuid}/firewall", "replace /v2/databases/{database_cluster_uuid}/firewall"},
		{"digitalocean.json", "GET /v2/databases/{database_cluster_uuid}/ca", ""},
		{"discord.json", "PATCH /users/@me", "merge /users/@me"},
		{"discord.json", "GET /guilds/{guild_id}/widget", "read /guilds/{guild_id}/widget"},
		{"discord.json", "GET /guilds/{guild_id}/widget.json", ""},
		{"netlify-v2.yml", "DELETE /sites/{site_id}/database/compute/settings", "delete /sites/{site_id}/database/compute/settings"},
	} {
		doc, m := model(t, filepath.Join(dir, c.file))
		got := ""
		for _, op := range doc.Operations() {
			if op.Method+" "+op.Template == c.operation {
				if r := m.Role(op); r != nil {
					got = string(r.Kind) + " " + r.Collection.Path
				}
			}
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", strings.TrimSuffix(c.file, filepath.Ext(c.file)), c.operation, got, c.want)
		}
	}
}
