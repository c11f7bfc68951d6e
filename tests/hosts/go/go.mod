module example.org/mask

go 1.19
