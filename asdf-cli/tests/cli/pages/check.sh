rm -r night && mkdir night
for number in r00000 r00037 r00101 r00301; do
    cp "$EXPOSURE" night/${number}_cal.asdf
    asdf set night/${number}_cal.asdf -q roman.meta.filename ${number}_cal.asdf
done
asdf set night/r00101_cal.asdf -q 'roman.data[:, :]' nan
asdf check night --write-manifest night.csv --force -q > manifest.log || true
# A byte of the data of block 4 is another one.
offset=$(asdf ls --json night/r00037_cal.asdf | tr '{' '\n' | grep '"path":"/roman/data"' | sed 's/.*"offset":\([0-9]*\).*/\1/')
printf '\377' | dd of=night/r00037_cal.asdf bs=1 seek=$((offset + 5000)) conv=notrunc status=none
rm night/r00301_cal.asdf manifest.log
cp "$EXPOSURE" reference.asdf
