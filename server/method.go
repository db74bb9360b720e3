package server

import (
	"strings"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A method is what is known of an RPC before it is called.
type method struct {
	verb, noun string          // what it does, in two words
	short      string          // its procedure, without what all begin with
	access     *fuyanv1.Access // who may call it: nobody when nil
}

// methodOf returns the method of a spec. AssignProposal is assign, proposal, and
// SendBackReply send_back, reply. SignIn, which has no noun, has its service's.
func methodOf(spec connect.Spec) method {
	path := strings.TrimPrefix(spec.Procedure, "/fuyan.v1.")
	service, name, _ := strings.Cut(path, "/")
	words := wordsOf(name)
	verbs := 1
	if len(words) > 1 && strings.Contains(" in out back down ", " "+words[1]+" ") {
		verbs = 2
	}
	m := method{verb: strings.Join(words[:verbs], "_"), noun: strings.Join(words[verbs:], "_"), short: path, access: accessOf(spec)}
	if m.noun == "" {
		m.noun = strings.Join(wordsOf(strings.TrimSuffix(service, "Service")), "_")
	}
	return m
}

// wordsOf splits a name at its capitals.
func wordsOf(name string) (words []string) {
	for i, from := 1, 0; i <= len(name); i++ {
		if i == len(name) || name[i] >= 'A' && name[i] <= 'Z' {
			words = append(words, strings.ToLower(name[from:i]))
			from = i
		}
	}
	return words
}

// accessOf returns the access option of a method, nil where there is none.
func accessOf(spec connect.Spec) *fuyanv1.Access {
	d, ok := spec.Schema.(protoreflect.MethodDescriptor)
	if !ok || !proto.HasExtension(d.Options(), fuyanv1.E_Access) {
		return nil
	}
	access, _ := proto.GetExtension(d.Options(), fuyanv1.E_Access).(*fuyanv1.Access)
	return access
}
