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

// readFile returns the text of a file.
func (p *program) readFile(name string) (string, error) {
	if name == "-" {
		return readText("standard input", p.stdin)
	}
	f, err := os.Open(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("%s does not exist; want a letter as .txt, .docx or .html", name)
	case err != nil:
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", fmt.Errorf("%s is a folder; want the letters in it, by name", name)
	}
	return readText(name, f)
}

func readText(name string, r io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, document.MaxSize+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return document.Text(name, data)
}
