package server

import (
	"context"
	"crypto/sha256"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"fuyan/casework"
	"fuyan/postgres"
)

// A write is a request that is done once.
type write interface {
	proto.Message
	GetRequestId() string
}

// callOf returns the call that a request makes: id is its subject, 0 for none
// yet, and version the one that the caller read, 0 for none.
func callOf(ctx context.Context, req write, id, version int64) postgres.Call {
	return postgres.Call{User: userFrom(ctx), RequestID: req.GetRequestId(), Digest: digestOf(req), ID: id, Version: version}
}

// secrets are the fields that a digest leaves out: it is kept, and from a fast
// hash of a password the password can be guessed.
var secrets = []protoreflect.Name{"password", "old_password", "new_password", "webhook_secret"}

// digestOf returns the SHA-256 of a request's procedure and fields. The name of
// the request stands for the procedure; no two have the same.
func digestOf(req write) []byte {
	bare := proto.Clone(req).ProtoReflect()
	fields := bare.Descriptor().Fields()
	for _, name := range secrets {
		if field := fields.ByName(name); field != nil {
			bare.Clear(field)
		}
	}
	text, err := proto.MarshalOptions{Deterministic: true}.Marshal(bare.Interface())
	if err != nil {
		panic(err) // only text that is not UTF-8 fails, and refuseText lets none in
	}
	sum := sha256.Sum256(append([]byte(bare.Descriptor().FullName()+"\n"), text...))
	return sum[:]
}

// dayIn reads the day in a field of a request; no text is no day.
func dayIn(field, text string) (casework.Date, error) {
	if text == "" {
		return casework.Date{}, nil
	}
	day, err := casework.ParseDate(text)
	if err != nil {
		return day, casework.Invalid(field, "%s", wantDay)
	}
	return day, casework.CheckDay(field, day)
}
