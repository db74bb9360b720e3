package drill_test

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// leftOut are the writes that the load does not make, and why.
var leftOut = map[string]string{
	"AccountService/SignIn":          "the people come with their tokens: a password takes long to check, on purpose",
	"AccountService/SignOut":         "it would end the tokens that all lives of a person share",
	"AccountService/ChangePassword":  "the people have none",
	"AccountService/SaveOrgan":       "it would change the organs that all proposals are about",
	"AccountService/MergeDivision":   "it takes the division away that all proposals are with",
	"CalendarService/ImportCalendar": "it moves the days of all proposals, which the lives and the verdict reckon with",
	"CalendarService/SetRule":        "it moves the days of all proposals, too",
	"JobService/RetryJob":            "an operator's, for a job that gave up; here none may",
	"JobService/CancelJob":           "it loses what the verdict looks for",
	"NoticeService/SaveLadder":       "it changes when people are told of all proposals",
	"ProposalService/EndTerm":        "it ends the term of all proposals of a body, and only once",
	"ProposalService/ExplainTermEnd": "it follows on the end of a term",
}

// writeRPCs are the paths of the RPCs that change something.
func writeRPCs() (paths []string) {
	protoregistry.GlobalFiles.RangeFilesByPackage(fuyanv1.File_fuyan_v1_proposal_proto.Package(), func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				m := methods.Get(j)
				if m.Options().(*descriptorpb.MethodOptions).GetIdempotencyLevel() != descriptorpb.MethodOptions_NO_SIDE_EFFECTS {
					paths = append(paths, fmt.Sprintf("%s/%s", m.Parent().Name(), m.Name()))
				}
			}
		}
		return true
	})
	slices.Sort(paths)
	return paths
}

// checkEverything says how often each write of the contract was answered. In full
// none may be missing but those that are left out.
func (l *town) checkEverything() {
	l.t.Helper()
	var done, missing strings.Builder
	for _, path := range writeRPCs() {
		n := l.turns.answered["/fuyan.v1."+path]
		switch {
		case leftOut[path] != "":
		case n == 0:
			fmt.Fprintf(&missing, " %s", path)
		default:
			fmt.Fprintf(&done, " %s %d", path, n)
		}
	}
	l.t.Logf("writes answered:%s; not called:%s", &done, &missing)
	if missing.Len() > 0 && full() {
		l.t.Errorf("nobody had an answer to%s", &missing)
	}
}
