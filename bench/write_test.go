package bench_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"fuyan/bench"
)

// TestEveryWrite holds what is measured beside the contract: an RPC that writes is
// measured, or the report says why not.
func TestEveryWrite(t *testing.T) {
	t.Parallel()
	var want, got []string
	protoregistry.GlobalFiles.RangeFilesByPackage("fuyan.v1", func(f protoreflect.FileDescriptor) bool {
		for s := range f.Services().Len() {
			want = append(want, writesOf(f.Services().Get(s))...)
		}
		return true
	})
	for rpc := range bench.Measured() {
		got = append(got, rpc)
	}
	for rpc, why := range bench.Unmeasured {
		if why == "" {
			t.Errorf("nothing says why %s is not measured", rpc)
		}
		got = append(got, rpc) // one that is measured as well stands twice
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("writes of the contract, and those of the bench (-contract +bench):\n%s", diff)
	}
}

// writesOf returns the RPCs of a service that change something.
func writesOf(s protoreflect.ServiceDescriptor) []string {
	var out []string
	for i := range s.Methods().Len() {
		m := s.Methods().Get(i)
		o := m.Options().(*descriptorpb.MethodOptions)
		if o.GetIdempotencyLevel() != descriptorpb.MethodOptions_NO_SIDE_EFFECTS {
			out = append(out, strings.TrimPrefix(string(s.FullName()), "fuyan.v1.")+"/"+string(m.Name()))
		}
	}
	return out
}

// TestWriteNames holds that no two writes are called the same in the report.
func TestWriteNames(t *testing.T) {
	t.Parallel()
	names := bench.WriteNames()
	slices.Sort(names)
	for i, name := range names {
		if i > 0 && names[i-1] == name {
			t.Errorf("two writes are called %q", name)
		}
	}
}
