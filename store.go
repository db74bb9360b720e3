package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // stores that --files names by s3://

	"fuyan/postgres"
)

// A with opens the database, does f and closes it.
type with func(ctx context.Context, f func(*database) error) error

// stored returns open with the store of files opened before the database: what is
// wrong with it is told before anything starts.
func (p *program) stored(open with) with {
	return func(ctx context.Context, f func(*database) error) (err error) {
		if p.store, err = p.openStore(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, p.store.Close()) }()
		return open(ctx, f)
	}
}

// openStore opens the store that a URL names, or else a folder of the data
// folder.
func (p *program) openStore(ctx context.Context) (*blob.Bucket, error) {
	if p.files == "" {
		dir, err := p.dataDir()
		if err != nil {
			return nil, err
		}
		return openFolder(filepath.Join(dir, "files"))
	}
	u, err := url.Parse(p.files)
	switch {
	case err != nil || u.Scheme != "file" && u.Scheme != "s3" || u.Scheme == "file" && (u.Host != "" || u.Path == ""):
		return nil, usage("--files %q: want file:///FOLDER or s3://BUCKET?region=REGION", p.files)
	case u.Scheme == "file":
		return openFolder(u.Path)
	}
	bucket, err := blob.OpenBucket(ctx, p.files)
	if err != nil {
		return nil, usage("--files: %v", err)
	}
	reached, err := bucket.IsAccessible(ctx)
	if err == nil && !reached {
		err = errors.New("there is no such bucket, or no right to it")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("--files: reach the store %s: %w", u.Host, err), bucket.Close())
	}
	return bucket, nil
}

// openFolder opens a store in a folder, where a file is written under another
// name until it is whole. Only the files are closed to others: the data folder
// above may hold a database that runs as another user.
func openFolder(dir string) (*blob.Bucket, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("the folder of files (--files): %w", err)
	}
	evidence := filepath.Join(dir, postgres.FilesFolder)
	if err := os.MkdirAll(evidence, 0o700); err != nil {
		return nil, fmt.Errorf("the folder of files (--files): %w", err)
	}
	if err := removeHalves(evidence); err != nil {
		return nil, fmt.Errorf("the folder of files (--files): %w", err)
	}
	return fileblob.OpenBucket(dir, &fileblob.Options{NoTempDir: true, DirFileMode: 0o700, Metadata: fileblob.MetadataDontWrite})
}

// removeHalves removes what programs that were killed left half written. What is
// younger than an hour may be under way in another.
func removeHalves(dir string) error {
	halves, err := filepath.Glob(filepath.Join(dir, "*.tmp"))
	for _, file := range halves {
		info, gone := os.Stat(file)
		if gone == nil && time.Since(info.ModTime()) > time.Hour {
			err = errors.Join(err, os.Remove(file))
		}
	}
	return err
}
