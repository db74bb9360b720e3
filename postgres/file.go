package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A File is evidence with the name of who uploaded it.
type File = db.FileRow

// A NewFile is what UploadFile puts on record.
type NewFile struct {
	Name    string
	Media   string // what the content is
	Content []byte
	Public  bool // proposers may read it
}

// FilesFolder is where the store has the files of evidence, each under the
// SHA-256 of its bytes.
const FilesFolder = "evidence/"

func blobKey(digest []byte) string { return FilesFolder + hex.EncodeToString(digest) }

// UploadFile keeps a file of evidence for a commitment on which the caller may
// report. It works in two transactions. The first puts the file on record as not
// yet stored: nobody sees it, and what is left of it after a crash is found. The
// second writes its bytes. The same request again does what is missing.
func (d *DB) UploadFile(ctx context.Context, c Call, n NewFile) (File, error) {
	id, err := inTx(ctx, d, func(tx pgx.Tx) (int64, error) {
		id, _, err := d.once(ctx, tx, c, func() (int64, error) { return d.createFile(ctx, tx, c, n) })
		return id, err
	})
	if err != nil {
		return File{}, err
	}
	return inTx(ctx, d, func(tx pgx.Tx) (File, error) {
		if err := d.storeFile(ctx, tx, id, n.Content); err != nil {
			return File{}, err
		}
		return fileSeen(ctx, tx, c.User, id)
	})
}

func (d *DB) createFile(ctx context.Context, tx pgx.Tx, c Call, n NewFile) (int64, error) {
	row, err := q.Commitment(ctx, tx, c.ID)
	if err != nil {
		return 0, found(err, "commitment", c.ID)
	}
	_, s, err := seen(ctx, tx, c.User, row.Commitment.ProposalID)
	if err != nil {
		return 0, fmt.Errorf("commitment %d: %w", c.ID, err)
	}
	err = c.User.MayUpload(casework.CommitmentStanding{
		State: row.Commitment.State, OwnerID: orZero(row.Commitment.OwnerID), Proposal: s,
	})
	if err != nil {
		return 0, err
	}
	name, err := casework.NewFile{Name: n.Name, Media: n.Media, Size: len(n.Content)}.Check()
	if err != nil {
		return 0, err
	}
	digest := sha256.Sum256(n.Content)
	return q.CreateFile(ctx, tx, db.CreateFileParams{
		CommitmentID: c.ID, Name: name, MediaType: n.Media, Size: int64(len(n.Content)), Sha256: digest[:],
		Public: n.Public, UploadedBy: c.User.ID, UploadedAt: d.now(),
	})
}

// storeFile writes the bytes of a file unless they are written. It holds their
// digest meanwhile: who removes the same bytes of another file waits, and finds
// this one.
func (d *DB) storeFile(ctx context.Context, tx pgx.Tx, id int64, content []byte) error {
	digest := sha256.Sum256(content)
	if err := q.HoldDigest(ctx, tx, digestKey(digest[:])); err != nil {
		return err
	}
	row, err := q.LockFile(ctx, tx, id)
	if err != nil || row.Stored {
		return found(err, "file", id)
	}
	if err := d.writeBlob(ctx, blobKey(digest[:]), content); err != nil {
		return fmt.Errorf("store file %d: %w", id, err)
	}
	return q.MarkStored(ctx, tx, id)
}

// digestKey is the advisory lock of the bytes with a digest. Two that share one
// only wait for each other.
func digestKey(digest []byte) int64 { return int64(binary.BigEndian.Uint64(digest)) }

// writeBlob writes bytes that nobody sees before they are all there. In a folder
// they are on the disk before they have their name.
func (d *DB) writeBlob(ctx context.Context, key string, content []byte) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var onDisk *os.File
	w, err := d.files.NewWriter(ctx, key, &blob.WriterOptions{
		ContentType: "application/octet-stream",
		BeforeWrite: func(as func(any) bool) error { as(&onDisk); return nil },
	})
	if err != nil {
		return err
	}
	if _, err = w.Write(content); err == nil && onDisk != nil {
		err = onDisk.Sync()
	}
	if err != nil {
		cancel() // Close would give what was written its name
	}
	return errors.Join(err, w.Close())
}

// ReadFile returns a file that u may read, with its bytes.
func (d *DB) ReadFile(ctx context.Context, u casework.User, id int64) (File, []byte, error) {
	f, err := inTx(ctx, d, func(tx pgx.Tx) (File, error) { return fileSeen(ctx, tx, u, id) })
	if err != nil {
		return File{}, nil, err
	}
	content, err := d.files.ReadAll(ctx, blobKey(f.File.Sha256))
	if err != nil {
		return File{}, nil, fmt.Errorf("read file %d: %w", id, err)
	}
	if sum := sha256.Sum256(content); !slices.Equal(sum[:], f.File.Sha256) {
		return File{}, nil, fmt.Errorf("file %d: the store has other bytes than were uploaded", id)
	}
	return f, content, nil
}

// fileSeen returns a stored file that u may read, or [casework.ErrNotFound].
func fileSeen(ctx context.Context, tx pgx.Tx, u casework.User, id int64) (File, error) {
	f, err := q.File(ctx, tx, id)
	if err != nil {
		return File{}, found(err, "file", id)
	}
	_, s, err := seen(ctx, tx, u, f.ProposalID)
	if err == nil && (!f.File.Stored || !u.SeesFile(fileStanding(f, s))) {
		err = casework.ErrNotFound
	}
	if err != nil {
		return File{}, fmt.Errorf("file %d: %w", id, err)
	}
	return f, nil
}

func fileStanding(f File, s casework.Standing) casework.FileStanding {
	return casework.FileStanding{Public: f.File.Public, Named: f.File.ProgressID != nil, UploaderID: f.File.UploadedBy, Proposal: s}
}

// filesOf returns the files of a commitment that u may read, by the line of its
// history that they belong to.
func filesOf(ctx context.Context, tx pgx.Tx, u casework.User, s casework.Standing, commitmentID int64) (map[int64][]File, error) {
	rows, err := q.FilesOf(ctx, tx, commitmentID)
	out := map[int64][]File{}
	for _, r := range rows {
		if f := File(r); u.SeesFile(fileStanding(f, s)) {
			line := orZero(f.File.ProgressID)
			out[line] = append(out[line], f)
		}
	}
	return out, err
}

// PublicFiles returns, by commitment, the evidence that proposers may read. It does
// not ask who may know of the commitments: its caller was shown them.
func (d *DB) PublicFiles(ctx context.Context, ids []int64) (map[int64][]File, error) {
	rows, err := q.PublicFilesOf(ctx, d.conn, ids)
	out := map[int64][]File{}
	for _, r := range rows {
		out[r.File.CommitmentID] = append(out[r.File.CommitmentID], File(r))
	}
	return out, err
}

// attach gives files to the line that was just added to the history of the
// commitment that c is about.
func (d *DB) attach(ctx context.Context, tx pgx.Tx, c Call, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	usable, err := q.AttachableFiles(ctx, tx, ids, c.ID, c.User.ID)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if !slices.Contains(usable, id) {
			return casework.Invalid(fmt.Sprintf("file_ids[%d]", i), "应为您为本项承诺上传、还没有用过的附件；上传一天后未用的已清除")
		}
	}
	return q.AttachFiles(ctx, tx, c.ID, ids)
}

// withFiles says in the note of an event how many files came with it.
func withFiles(note string, ids []int64) string {
	if len(ids) == 0 {
		return note
	}
	return fmt.Sprintf("%s，附件%d个", note, len(ids))
}

// unnamed is how long a file that no report names is kept.
const unnamed = 24 * time.Hour

// DoRemoveFiles removes the files that no report named in time, also what is left
// of uploads that broke off. One that cannot be removed now is left to the next
// time.
func (d *DB) DoRemoveFiles(ctx context.Context) error {
	rows, err := q.TakeBackFiles(ctx, d.conn, d.now().Add(-unnamed), 500)
	for _, r := range rows {
		_, removing := inTx(ctx, d, func(tx pgx.Tx) (struct{}, error) { return struct{}{}, d.removeFile(ctx, tx, r) })
		err = errors.Join(err, removing)
	}
	return err
}

// removeFile removes a file that was taken back, and its bytes where no other
// file has the same.
func (d *DB) removeFile(ctx context.Context, tx pgx.Tx, r db.TakeBackFilesRow) error {
	if err := q.HoldDigest(ctx, tx, digestKey(r.Sha256)); err != nil {
		return err
	}
	n, err := q.DeleteFile(ctx, tx, r.ID)
	if err != nil || n == 0 { // uploaded again meanwhile
		return err
	}
	used, err := q.DigestUsed(ctx, tx, r.Sha256)
	if err != nil || used {
		return err
	}
	err = d.files.Delete(ctx, blobKey(r.Sha256))
	if err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("remove the bytes of file %d: %w", r.ID, err)
	}
	return nil
}
