package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"fuyan/casework/letter"
	"fuyan/document"
)

// read prints what each letter says. A file that cannot be read does not keep
// it from the others.
func (p *program) read(_ context.Context, files []string) error {
	if len(files) == 0 {
		return usage("fuyan read needs at least one file; - is the standard input")
	}
	out := json.NewEncoder(p.stdout)
	var errs []error
	for _, name := range files {
		text, err := p.readFile(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if err := out.Encode(letter.Read(text)); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

// readFile returns the text of a letter's file.
func (p *program) readFile(name string) (string, error) {
	data, err := p.fileBytes(name)
	if err != nil {
		return "", err
	}
	return document.Text(nameOf(name), data)
}

// fileBytes returns what a file holds, up to one byte more than a document may
// have; - is the standard input.
func (p *program) fileBytes(name string) ([]byte, error) {
	if name == "-" {
		return readAll(nameOf(name), p.stdin)
	}
	f, err := os.Open(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%s does not exist; want a file", name)
	case err != nil:
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; want the files in it, by name", name)
	}
	return readAll(name, f)
}

func nameOf(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

func readAll(name string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, document.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}
