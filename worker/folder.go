package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"time"

	"fuyan/postgres"
)

// halfWritten matches the files of writeWhole that have no name yet.
const halfWritten = ".eml-*"

// NewFolder returns what keeps mails as .eml files, each whole or not at all. A
// mail that is sent again takes the place of the one before. What went out by
// it has the name of its file for a Message-ID.
func NewFolder(dir, from string) (SendMail, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the address that mails come from: %w", err)
	}
	if err := removeHalves(dir); err != nil {
		return nil, err
	}
	return func(_ context.Context, o *postgres.Outgoing, sent func() error) error {
		m, err := compose(o, sender)
		if err != nil {
			return &failure{kind: unwritable}
		}
		var text bytes.Buffer
		if _, err := m.WriteTo(&text); err != nil {
			return &failure{kind: unwritable}
		}
		file := o.MessageID + ".eml"
		if err := writeWhole(filepath.Join(dir, file), text.Bytes()); err != nil {
			return &failure{kind: unsaved, cause: err}
		}
		o.MessageID = file
		return sent()
	}, nil
}

// removeHalves removes what workers that were killed left half written. What is
// younger than an hour may be under way in another worker.
func removeHalves(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, halfWritten))
	if err != nil {
		return err
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if errors.Is(err, os.ErrNotExist) || err == nil && time.Since(info.ModTime()) < time.Hour {
			continue
		}
		if err := errors.Join(err, os.Remove(file)); err != nil {
			return err
		}
	}
	return nil
}

// writeWhole writes a file that nobody sees half.
func writeWhole(name string, text []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), halfWritten)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
