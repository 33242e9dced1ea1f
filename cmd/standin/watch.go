package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"standin/mock"
	"standin/mock/contract"
)

// settleTime is how long files must be left alone before a reload: editors write in several steps.
const settleTime = 100 * time.Millisecond

// pollTime is how often files are looked at where the system does not tell of changes.
const pollTime = time.Second

// watcher reloads a document when its files change. Whole folders are watched, since editors replace files by renaming.
type watcher struct {
	document document
	server   *mock.Server
	logger   *slog.Logger
	poll     bool
	notify   *fsnotify.Watcher // nil while polling
	last     string            // how the files looked at the last reload
}

// begin notes how the files look now, so that no change from here on is missed.
func (w *watcher) begin() {
	w.subscribe()
	w.last, _ = w.look()
}

// run watches until ctx ends.
func (w *watcher) run(ctx context.Context) {
	defer w.unsubscribe()
	var settled <-chan time.Time
	ticker := time.NewTicker(pollTime)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.events():
			settled = time.After(settleTime)
		case <-ticker.C:
			if w.notify == nil && settled == nil {
				settled = time.After(settleTime)
			}
		case <-settled:
			settled = nil
			if !w.settle(ctx) {
				settled = time.After(settleTime)
			}
		}
	}
}

// settle reloads now that files have been left alone for a while; false means that they are still being written.
func (w *watcher) settle(ctx context.Context) bool {
	now, newest := w.look()
	if now == w.last {
		return true
	}
	if time.Since(newest).Abs() < settleTime { // the clock of files may be a little ahead
		return false
	}
	c, err := w.document.load(ctx)
	if later, _ := w.look(); later != now {
		return false
	}
	w.last = now
	w.reload(ctx, c, err)
	w.follow()
	return true
}

// events are changes as the system tells them; nil, which never delivers, while polling.
func (w *watcher) events() <-chan fsnotify.Event {
	if w.notify == nil {
		return nil
	}
	return w.notify.Events
}

// subscribe asks the system to tell of changes; where it cannot, we poll.
func (w *watcher) subscribe() {
	if w.poll {
		return
	}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		w.logger.Warn("polling for changes", "why", err.Error())
		return
	}
	w.notify = notify
	w.follow()
}

func (w *watcher) unsubscribe() {
	if w.notify != nil {
		_ = w.notify.Close()
		w.notify = nil
	}
}

// follow watches the folders of all files, those included that a reload has brought.
func (w *watcher) follow() {
	if w.notify == nil {
		return
	}
	for dir := range w.folders() {
		if err := w.notify.Add(dir); err != nil {
			w.logger.Warn("polling for changes", "why", fmt.Sprintf("%s cannot be watched: %v", dir, err))
			w.unsubscribe()
			return
		}
	}
}

// files are the document's own and all below the fixtures' folder.
func (w *watcher) files() []string {
	if w.document.fixtures == "" {
		_ = w.document.addFixtures("") // the folder may have come since
	}
	c := w.server.Contract()
	out := append([]string{w.document.path}, w.document.overlays...)
	for _, name := range c.Files() {
		if strings.Contains(name, "://") {
			continue // on another host
		}
		out = append(out, filepath.Join(filepath.Dir(w.document.path), filepath.FromSlash(name)))
	}
	if w.document.fixtures == "" {
		return out
	}
	_ = filepath.WalkDir(w.document.fixtures, func(path string, _ fs.DirEntry, err error) error {
		if err == nil {
			out = append(out, path)
		}
		return nil
	})
	return out
}

func (w *watcher) folders() map[string]bool {
	out := map[string]bool{}
	for _, name := range w.files() {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			out[name] = true
		}
		out[filepath.Dir(name)] = true
	}
	return out
}

// look tells how the files look, another text meaning that something has changed, and when the newest was written.
func (w *watcher) look() (seen string, newest time.Time) {
	var out []byte
	for _, name := range w.files() {
		info, err := os.Stat(name)
		if err != nil {
			out = fmt.Appendf(out, "%s gone\n", name)
			continue
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
		out = fmt.Appendf(out, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
	}
	return string(out), newest
}

// reload swaps the new document in, or says why the old one stays; err is why it could not be loaded.
func (w *watcher) reload(ctx context.Context, c *contract.Contract, err error) {
	if err != nil {
		w.logger.Error("not reloaded, the old document stays in service", "why", err.Error())
		return
	}
	err = w.server.Swap(ctx, c, w.document.files())
	refused, isRefused := errors.AsType[*mock.SwapError](err)
	switch {
	case errors.Is(err, mock.ErrUnchanged):
	case isRefused:
		for _, d := range refused.Diagnostics {
			w.logger.Error("found", "at", d.Position.String(), "message", d.Message, "rule", d.Rule)
		}
		w.logger.Error("not reloaded, the old document stays in service", "why", count(len(refused.Diagnostics), "new error"))
	case err != nil:
		w.logger.Error("not reloaded, the old document stays in service", "why", err.Error())
	default:
		w.logger.Info("reloaded", "document", w.document.name(), "operations", len(c.Operations()), "findings", tally(w.server.Diagnostics(ctx)))
	}
}
