package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// notes is a collection without more ado.
const notes = `openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}]
      responses: {"200": {description: All., content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Note"}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses: {"201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses: {"200": {description: Put., content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}}
    delete: {responses: {"204": {description: Gone.}, "404": {description: None.}}}
components:
  schemas:
    Note:
      type: object
      required: [id, text]
      properties: {id: {type: integer, readOnly: true}, text: {type: string, maxLength: 1000}}
`

// running is the real command in a process of its own.
type running struct {
	*exec.Cmd
	base   string
	client *http.Client
}

// process starts the command over the notes in a folder.
func process(ctx context.Context, t *testing.T, dir string, flags ...string) *running {
	t.Helper()
	document, ready := filepath.Join(dir, "openapi.yaml"), filepath.Join(dir, "ready")
	if err := os.WriteFile(document, []byte(notes), 0o600); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(ready)
	c := exec.CommandContext(ctx, "standin", append([]string{document, "--port", "0", "--ready-file", ready}, flags...)...)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = c.Process.Kill(), c.Wait() })
	return &running{c, awaitFile(ctx, t, ready), &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
}

// do sends a request in a sandbox; status is 0 where no whole answer came back.
func (s *running) do(method, path, sandbox, body string) (status int, answer []byte) {
	r, err := http.NewRequest(method, s.base+path, strings.NewReader(body))
	if err != nil {
		return 0, nil
	}
	r.Header.Set("Mock-Sandbox", sandbox)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w, err := s.client.Do(r)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = w.Body.Close() }()
	answer, err = io.ReadAll(w.Body)
	if err != nil {
		return 0, nil
	}
	return w.StatusCode, answer
}

// note is a row.
type note struct {
	ID   int    `json:"id"`
	Text string `json:"text"`
}

// TestKilledUnderLoad kills the command, which keeps its rows in a file, while many clients write: what was acknowledged is there when it
// is started again, again and again.
func TestKilledUnderLoad(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	dir := t.TempDir()
	flags := []string{"--store", "file:" + filepath.Join(dir, "world")}
	var mu sync.Mutex
	kept := map[string]map[int]string{} // by sandbox and id: the text that was acknowledged last, "" for a row that is gone
	for round := range 3 {
		s := process(ctx, t, dir, flags...)
		for sandbox, rows := range kept {
			for id, want := range rows {
				status, answer := s.do("GET", "/notes/"+strconv.Itoa(id), sandbox, "")
				var got note
				_ = json.Unmarshal(answer, &got)
				if want != "" && (status != 200 || got.Text != want) {
					t.Fatalf("round %d: the note %d of %s was acknowledged as %q, and is %d %s", round, id, sandbox, want, status, answer)
				}
			}
		}
		var acknowledged atomic.Int64
		var clients sync.WaitGroup
		for n := range 8 {
			clients.Go(func() {
				sandbox := "s" + strconv.Itoa(n%3)
				for i := 0; ; i++ {
					text := fmt.Sprintf("round %d, client %d, note %d", round, n, i)
					status, answer := s.do("POST", "/notes", sandbox, `{"text":"`+text+`"}`)
					var made note
					if status != 201 || json.Unmarshal(answer, &made) != nil {
						return
					}
					if i%3 == 0 {
						if text += ", changed"; !s.change(made.ID, sandbox, text) {
							return // whether it was changed cannot be told
						}
					}
					mu.Lock()
					if kept[sandbox] == nil {
						kept[sandbox] = map[int]string{}
					}
					kept[sandbox][made.ID] = text
					mu.Unlock()
					if acknowledged.Add(1) == 150 {
						_ = s.Process.Kill()
					}
				}
			})
		}
		clients.Wait()
		if n := acknowledged.Load(); n < 150 {
			t.Fatalf("round %d: the command ended after %d", round, n)
		}
		_ = s.Wait()
	}
	s := process(ctx, t, dir, flags...)
	for sandbox, rows := range kept {
		for id, want := range rows {
			if status, answer := s.do("GET", "/notes/"+strconv.Itoa(id), sandbox, ""); status != 200 || !bytes.Contains(answer, []byte(want)) {
				t.Errorf("the note %d of %s was acknowledged as %q, and is %d %s", id, sandbox, want, status, answer)
			}
		}
	}
}

// change puts another text into a note.
func (s *running) change(id int, sandbox, text string) bool {
	status, _ := s.do("PUT", "/notes/"+strconv.Itoa(id), sandbox, `{"text":"`+text+`"}`)
	return status == 200
}

// soakVariable is how long [TestSoak] takes, such as 10m.
const soakVariable = "STANDIN_SOAK"

// TestSoak lets clients use a thousand sandboxes at full load for a long time: rows come and go, and memory stays as it is.
func TestSoak(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv(soakVariable))
	if err != nil {
		t.Skip(soakVariable + " does not say how long, such as 10m")
	}
	ctx, stop := context.WithTimeout(t.Context(), long+2*time.Minute)
	defer stop()
	s := process(ctx, t, t.TempDir())
	begun, over := time.Now(), make(chan struct{})
	var asked, wrong atomic.Int64
	var clients sync.WaitGroup
	for n := range 16 {
		clients.Go(func() {
			for i := n; ; i += 16 {
				select {
				case <-over:
					return
				default:
				}
				s.errand(i%999, &asked, &wrong)
			}
		})
	}
	var samples []int
	for tick := time.NewTicker(long / 40); time.Since(begun) < long; {
		<-tick.C
		samples = append(samples, s.memory(t))
		t.Logf("%4.0f s: %d MiB, %d requests, %d of them wrong", time.Since(begun).Seconds(), samples[len(samples)-1]>>10, asked.Load(), wrong.Load())
	}
	close(over)
	clients.Wait()
	if wrong.Load() > 0 {
		t.Errorf("%d of %d requests went wrong", wrong.Load(), asked.Load())
	}
	third := len(samples) / 3
	early, late := most(samples[third:2*third]), most(samples[2*third:])
	if t.Logf("at most %d MiB in the second third, %d MiB in the last", early>>10, late>>10); late*10 > early*11 {
		t.Errorf("memory grew from %d to %d KiB", early, late)
	}
	_, list := s.do("GET", "/__mock/sandboxes", "", "")
	t.Logf("%d sandboxes at the end", bytes.Count(list, []byte(`"id"`)))
}

// errand is what a client does in a sandbox: it makes a note, finds, changes, lists and deletes it.
func (s *running) errand(n int, asked, wrong *atomic.Int64) {
	sandbox := "s" + strconv.Itoa(n)
	expect := func(method, path, body string, want int) []byte {
		status, answer := s.do(method, path, sandbox, body)
		if asked.Add(1); status != want {
			wrong.Add(1)
		}
		return answer
	}
	var made note
	if json.Unmarshal(expect("POST", "/notes", `{"text":"`+strings.Repeat("soak ", 40)+`"}`, 201), &made) != nil {
		return
	}
	one := "/notes/" + strconv.Itoa(made.ID)
	expect("GET", one, "", 200)
	expect("PUT", one, `{"text":"changed"}`, 200)
	expect("GET", "/notes?limit=20", "", 200)
	expect("DELETE", one, "", 204)
	expect("GET", "/notes?limit=nothing", "", 400)
}

// memory is what the process holds, in KiB.
func (s *running) memory(t *testing.T) int {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(s.Process.Pid) + "/status")
	m := regexp.MustCompile(`VmRSS:\s+(\d+)`).FindSubmatch(text)
	if err != nil || m == nil {
		t.Skip("this system does not tell how much memory a process holds")
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

func most(samples []int) (out int) {
	for _, n := range samples {
		out = max(out, n)
	}
	return out
}
