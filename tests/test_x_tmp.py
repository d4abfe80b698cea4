def test_x(filed): 
    import shutil
    for n in ("result","units","legacy"): shutil.copy(filed/f"{n}.gpkg", f"/tmp/rp/{n}.new.gpkg")
