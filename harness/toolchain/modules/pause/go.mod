// Written by harness/toolchain/write-go-modules.ts.
module signalproof.invalid/pause

go 1.21
