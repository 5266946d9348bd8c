throw new TypeError('nothing was set up')
