// Printdeps writes the .proto files that ours import and that no registry needs
// to serve: each is printed from the descriptor that its Go package carries.
package main

import (
	"log"
	"os"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: printdeps DIR")
	}
	files := []protoreflect.FileDescriptor{validate.File_buf_validate_validate_proto}
	if err := new(protoprint.Printer).PrintProtosToFileSystem(files, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}
