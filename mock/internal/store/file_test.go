package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"standin/mock/internal/store"
)

func openFile(t testing.TB, l store.Limits, now func() time.Time) store.Store {
	s, err := store.OpenFile(filepath.Join(t.TempDir(), "world"), l, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestFile(t *testing.T) { suite(t, openFile) }

func TestFilesThatAreNoStore(t *testing.T) {
	dir := t.TempDir()
	wrong := filepath.Join(dir, "wrong")
	if err := os.WriteFile(wrong, []byte(strings.Repeat("no store at all\n", 2000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{wrong, dir, filepath.Join(dir, "no", "such", "folder")} {
		if s, err := store.OpenFile(name, store.Limits{}, nil); err == nil {
			_ = s.Close()
			t.Errorf("%s was opened", name)
		} else if !strings.Contains(err.Error(), name) {
			t.Errorf("the error does not name the file: %v", err)
		}
	}
	name := filepath.Join(dir, "world")
	s, err := store.OpenFile(name, store.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if second, err := store.OpenFile(name, store.Limits{}, nil); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("opened twice: %v %v", second, err)
	}
	_ = s.Close()
}

// TestLowerLimits opens a file that holds more than the limits allow by now: it may shrink, not grow.
func TestLowerLimits(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world")
	s, err := store.OpenFile(name, store.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "a", "r", "1", "", "2", "", "3", "")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.OpenFile(name, store.Limits{Keys: 1, Bytes: 1}, nil); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(t.Context(), "a", func(tx store.Tx) error { return tx.Delete("r", "1") }); err != nil {
		t.Error(err)
	}
	var full *store.FullError
	if err := s.Update(t.Context(), "a", func(tx store.Tx) error { return tx.Put("r", "4", nil) }); !errors.As(err, &full) {
		t.Error(err)
	}
	if got := all(t, s, "a", "r", "", ""); got != "2= 3=" {
		t.Error(got)
	}
}

// TestFilesOfOthers leaves a file of bbolt alone that is somebody else's.
func TestFilesOfOthers(t *testing.T) {
	for bucket, want := range map[string]string{"theirs": "another program", "meta": "another version"} {
		name := filepath.Join(t.TempDir(), "world")
		db, err := bbolt.Open(name, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			_, err := tx.CreateBucket([]byte(bucket))
			return err
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.OpenFile(name, store.Limits{}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", bucket, err)
		}
		if after, err := os.ReadFile(name); err != nil || string(after) != string(before) {
			t.Errorf("%s: the file was changed (%v)", bucket, err)
		}
	}
}

// usedBytes is how much of a file holds pages.
func usedBytes(t *testing.T, name string) (n int64) {
	db, err := bbolt.Open(name, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		n = tx.Size()
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDamagedFiles overwrites and cuts a store's pages. It may open where nothing was lost; else the error tells the file.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "world")
	s, err := store.OpenFile(name, store.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		put(t, s, "a", "r", fmt.Sprint(i), strings.Repeat("x", 3000))
	}
	want := all(t, s, "a", "r", "", "")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	whole = whole[:usedBytes(t, name)]
	page, broken := os.Getpagesize(), 0
	for at := 0; at < len(whole); at += page {
		zeroed := append([]byte(nil), whole...)
		clear(zeroed[at : at+page])
		for kind, content := range map[string][]byte{"cut": whole[:at+page/2], "zeroed": zeroed} {
			damaged := filepath.Join(dir, fmt.Sprintf("%s-%d", kind, at))
			if err := os.WriteFile(damaged, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := store.OpenFile(damaged, store.Limits{}, nil)
			if err == nil {
				if got := all(t, s, "a", "r", "", ""); kind == "cut" && got != want && at > 0 {
					t.Errorf("%s at %d: opened, and rows are lost", kind, at)
				}
				_ = s.Close()
			} else if broken++; !strings.Contains(err.Error(), damaged) {
				t.Errorf("%s at %d: %v", kind, at, err)
			}
			if err := os.Remove(damaged); err != nil { // as each takes the room of a whole store on some file systems
				t.Fatal(err)
			}
		}
	}
	if broken < 10 {
		t.Errorf("only %d of the damaged files are refused", broken)
	}
}

// writerVariable tells the test's own binary that it is the process to be killed.
const writerVariable = "STANDIN_STORE_WRITER"

// TestNothingAcknowledgedIsLost kills a process that writes, and looks for all that it said was kept.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	if name := os.Getenv(writerVariable); name != "" {
		writeForever(name)
		return
	}
	name := filepath.Join(t.TempDir(), "world")
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNothingAcknowledgedIsLost$")
	child.Env = append(os.Environ(), writerVariable+"="+name)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if key, ok := strings.CutPrefix(lines.Text(), "kept "); ok {
			acknowledged[key] = true
		}
		if len(acknowledged) == 200 {
			_ = child.Process.Kill()
			break
		}
	}
	for lines.Scan() { // what it said before the signal reached it
		if key, ok := strings.CutPrefix(lines.Text(), "kept "); ok {
			acknowledged[key] = true
		}
	}
	_ = child.Wait()
	s, err := store.OpenFile(name, store.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	held := " " + all(t, s, "a", "r", "", "") + " "
	for key := range acknowledged {
		if !strings.Contains(held, " "+key+"=") {
			t.Errorf("%s was acknowledged, and is lost", key)
		}
	}
	if len(acknowledged) < 200 {
		t.Errorf("the writer ended after %d", len(acknowledged))
	}
}

func writeForever(name string) {
	s, err := store.OpenFile(name, store.Limits{}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	var out sync.Mutex
	for w := range 4 {
		go func() {
			for n := 0; ; n++ {
				key := fmt.Sprintf("%d-%d", w, n)
				if err := s.Update(context.Background(), "a", func(tx store.Tx) error { return tx.Put("r", key, []byte("x")) }); err != nil {
					return
				}
				out.Lock()
				fmt.Println("kept " + key)
				out.Unlock()
			}
		}()
	}
	select {}
}
