package server

import (
	"cmp"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
)

const defaultPageSize = 50

// A page is what a request to list asks for.
type page struct {
	size int
	key  string // of the last row of the page before; empty for the first page
}

// pageOf reads what a request asks for. A token is the key in base64; callers
// are to take it as it is.
func pageOf(size int32, token string) (page, error) {
	key, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || !utf8.Valid(key) || strings.Contains(string(key), "\x00") {
		return page{}, errPageToken
	}
	return page{cmp.Or(int(size), defaultPageSize), string(key)}, nil
}

var errPageToken = casework.Invalid("page_token", "应为上一页答复中的 next_page_token")

// limit is one row more than the page holds, to know whether another follows.
func (p page) limit() int32 { return int32(p.size) + 1 }

// number reads a key that is a number.
func (p page) number() (int64, error) {
	if p.key == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(p.key, 10, 64)
	if err != nil || n <= 0 {
		return 0, errPageToken
	}
	return n, nil
}

// cut returns the rows of the page, and the token of the next one, empty where
// this is the last.
func cut[T any](p page, rows []T, key func(T) string) ([]T, string) {
	if len(rows) <= p.size {
		return rows, ""
	}
	rows = rows[:p.size]
	return rows, base64.RawURLEncoding.EncodeToString([]byte(key(rows[p.size-1])))
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
