def pytest_addoption(parser):
    parser.addoption("--examples", action="store_true", help="write vitay/examples.json anew")
