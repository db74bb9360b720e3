package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"

	"fuyan/casework/letter"
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
		if err := out.Encode(letter.Read(string(text))); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

func (p *program) readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(p.stdin)
	}
	return os.ReadFile(name)
}
