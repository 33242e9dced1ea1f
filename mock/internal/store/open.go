package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// room is address space for the file, so that readers need not end for it to grow (bbolt, Options.InitialMmapSize).
const room = 256 << 20

// patience is how long another process may keep the file before that is an error.
const patience = 2 * time.Second

// OpenFile opens or makes the store in a file, which is made readable to its owner alone. It reads the file once. An error tells that
// another process has it open, that it belongs to something else, or that it is damaged. now tells the time; nil for that of the machine.
func OpenFile(name string, limits Limits, now func() time.Time) (*File, error) {
	if now == nil {
		now = time.Now
	}
	db, err := openBolt(name)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%s is in use by another process", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used as a store: %w", name, err)
	}
	s := &File{db: db, limits: limits.orDefaults(), now: now, turn: make(chan struct{}, 1)}
	err = db.View(func(tx *bbolt.Tx) error {
		return sandboxes(tx, func(_ string, z size) { s.total += z.bytes })
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// openBolt opens a file and reads all of it, because bbolt panics when it meets a damaged page, and the machine faults where the file
// is shorter than its pages say.
func openBolt(name string) (db *bbolt.DB, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it is damaged: %v", r)
		}
		if err != nil && db != nil {
			_ = db.Close()
		}
	}()
	_, missing := os.Stat(name)
	db, err = bbolt.Open(name, 0o600, &bbolt.Options{Timeout: patience, FreelistType: bbolt.FreelistMapType, InitialMmapSize: room})
	if err != nil {
		return nil, err
	}
	if err = db.View(walk); err != nil {
		return db, fmt.Errorf("it is damaged: %w", err)
	}
	if err = db.Update(mark); err != nil {
		return db, err
	}
	if missing != nil {
		err = syncFolder(filepath.Dir(name))
	}
	return db, err
}

// walk reads every key.
func walk(tx *bbolt.Tx) error {
	if file, err := os.Stat(tx.DB().Path()); err != nil || file.Size() < tx.Size() {
		return errors.Join(err, errors.New("its end is missing"))
	}
	return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
		return b.ForEach(func(_, _ []byte) error { return nil })
	})
}

// mark makes an empty file a store, and refuses all but stores of this version.
func mark(tx *bbolt.Tx) error {
	meta := tx.Bucket([]byte(metaName))
	if meta == nil {
		if name, _ := tx.Cursor().First(); name != nil {
			return errors.New("it was written by another program")
		}
		var err error
		if meta, err = tx.CreateBucket([]byte(metaName)); err != nil {
			return err
		}
		return meta.Put([]byte(formatKey), []byte(format))
	}
	if known := string(meta.Get([]byte(formatKey))); known != format {
		return fmt.Errorf("it was written by another version or program (%q)", known)
	}
	return nil
}

// syncFolder makes the name of a new file last.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
