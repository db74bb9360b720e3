package postgres

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a password: 19 MiB and two passes (OWASP's minimum for argon2id).
// Hashes carry it, so that it can rise without locking anybody out.
const (
	hashTime   = 2
	hashMemory = 19 * 1024 // KiB
	hashLength = 32
)

// hashing bounds the memory that sign-ins take together.
var hashing = make(chan struct{}, 4)

// hashPassword returns password in the usual form of argon2id.
func hashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	key := derive(password, salt, hashTime, hashMemory)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashTime, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// passwordMatches reports whether hash is that of password. It takes as long for
// a hash that is none.
func passwordMatches(hash, password string) bool {
	var version int
	var memory, time uint32
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		derive(password, make([]byte, 16), hashTime, hashMemory)
		return false
	}
	_, err1 := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=1", &version, &memory, &time)
	salt, err2 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err3 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || err3 != nil {
		return false
	}
	return subtle.ConstantTimeCompare(derive(password, salt, time, memory), want) == 1
}

func derive(password string, salt []byte, time, memory uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, 1, hashLength)
}

// newSecret returns what somebody signs in with, and the hash that is kept.
func newSecret() (secret string, hash []byte) {
	secret = rand.Text() + rand.Text()
	return secret, secretHash(secret)
}

func secretHash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
