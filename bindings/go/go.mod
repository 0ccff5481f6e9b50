module tocsin

go 1.21
